// SPDX-License-Identifier: GPL-2.0-only

export default {
  why: 'An observation needs the last two frames: the old screen is kept by swapping it, which copies nothing',
  needed: 'by native/agent_step.cc and native/snapshot.cc, which read that screen',
  edits: [
    {
      file: 'environment/stella_environment.cpp',
      find: 'void StellaEnvironment::processScreen() {\n',
      replace: 'void StellaEnvironment::processScreen() {\n  std::swap(m_screen, m_previous_screen);\n',
    },
    {
      file: 'environment/stella_environment.hpp',
      find: '  ALEScreen m_screen; // The current ALE screen (possibly colour-averaged)\n',
      replace: `  ALEScreen m_screen; // The current ALE screen (possibly colour-averaged)
  ALEScreen m_previous_screen;
`,
    },
    {
      file: 'environment/stella_environment.cpp',
      find: '      m_player_a_action(PLAYER_A_NOOP),\n',
      replace: '      m_previous_screen(m_screen),\n      m_player_a_action(PLAYER_A_NOOP),\n',
    },
    {
      file: 'environment/stella_environment.hpp',
      find: '  const ALEScreen& getScreen() const { return m_screen; }\n',
      replace: `  const ALEScreen& getScreen() const { return m_screen; }
  const ALEScreen& getPreviousScreen() const { return m_previous_screen; }
`,
    },
    {
      file: 'ale_interface.hpp',
      find: '  const ALEScreen& getScreen() const;\n',
      replace: `  const ALEScreen& getScreen() const;
  const ALEScreen& getPreviousScreen() const { return environment->getPreviousScreen(); }
`,
    },
  ],
};
