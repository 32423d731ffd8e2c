// SPDX-License-Identifier: GPL-2.0-only

export default {
  why: 'The include guard ends before the last braces, so that a second include in one unit closes too much',
  needed: 'to compile its folder as one unit',
  edits: [
    {
      file: 'emucore/NullDev.hxx',
      find: '};\n#endif\n\n}  // namespace stella\n}  // namespace ale\n',
      replace: '};\n\n}  // namespace stella\n}  // namespace ale\n#endif\n',
    },
  ],
};
