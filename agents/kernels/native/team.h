// A few threads that work through many short rounds of work together.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

#include "always_inline.h"

namespace rim_agents {

// One thread leads: it calls each() over and over, and returns from it when all items are done. Helpers, started
// through `schedule`, take items of the same round; between rounds they wait spinning, because a round lasts
// microseconds. Nothing waits for a helper that has not started: the leader does the work alone if it must. An item
// must not depend on who does it, nor on the other items of its round; results are then the same for any number of
// threads.
class Team {
 public:
  static constexpr int kMostMembers = 16;
  // A round of more items is done by the leader alone.
  static constexpr int kMostItems = 0xffff;

  // @param members threads including the leader; 1 works without helpers
  // @param schedule runs a function on some other thread, at some time
  Team(int members, const std::function<void(std::function<void()>)>& schedule);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  // Calls function(i) for i in [0, count), each once. A member begins with the same items in every round of the same
  // count, so that what it reads stays in its core's cache.
  template <class Function>
  void each(int count, const Function& function) {
    const Call call = [](const void* f, int item, int) { (*static_cast<const Function*>(f))(item); };
    run(count, call, &function);
  }

  // The same, calling function(i, member): members work at the same time, so each can have room of its own, but may
  // leave no trace of who did what.
  template <class Function>
  void eachByMember(int count, const Function& function) {
    const Call call = [](const void* f, int item, int member) { (*static_cast<const Function*>(f))(item, member); };
    run(count, call, &function);
  }

  // Members are numbered from 0, the leader, to below this.
  RIM_AGENTS_INLINE int members() const { return members_; }

 private:
  using Call = void (*)(const void* function, int item, int member);
  struct Round;
  void run(int count, Call call, const void* function);

  const int members_;
  std::shared_ptr<Round> round_;
};

}  // namespace rim_agents
