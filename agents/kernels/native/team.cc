#include "team.h"

#include <algorithm>
#include <thread>

namespace rim_agents {
namespace {

inline void relax(int spins) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
  if (spins > 2000) std::this_thread::yield();  // someone else needs the core
}

}  // namespace

// What leader and helpers share. Each member has a share of the items, told in one word: the number of the round (32
// bits), the next unclaimed item (16) and the end of the share (16). An item is claimed by replacing the word, so a
// claim for a round that is over cannot succeed, and nothing that the leader writes for the next round can make an
// exhausted share look unfinished.
struct Team::Round {
  struct alignas(64) Share {
    std::atomic<uint64_t> word{0};
  };

  std::atomic<uint32_t> number{0};
  std::atomic<bool> over{false};
  alignas(64) std::atomic<int> unfinished{0};
  // These belong to the round in progress. Read only after a successful claim, which keeps the round from ending.
  std::atomic<Call> call{nullptr};
  std::atomic<const void*> function{nullptr};
  int members = 1;
  Share shares[kMostMembers];

  static uint64_t pack(uint32_t round, int next, int end) {
    return uint64_t{round} << 32 | static_cast<uint64_t>(next) << 16 | static_cast<uint64_t>(end);
  }

  void begin(int count, Call newCall, const void* newFunction) {
    call.store(newCall, std::memory_order_relaxed);
    function.store(newFunction, std::memory_order_relaxed);
    unfinished.store(count, std::memory_order_relaxed);
    const uint32_t round = number.load(std::memory_order_relaxed) + 1;
    for (int s = 0; s < members; s++) {
      const int next = static_cast<int>(int64_t{count} * s / members);
      const int end = static_cast<int>(int64_t{count} * (s + 1) / members);
      shares[s].word.store(pack(round, next, end), std::memory_order_release);
    }
    number.store(round, std::memory_order_release);
  }

  // Takes the next item of a share in round `current`; -1 if it has none left, or that round is over.
  int claim(int share, uint32_t current) {
    std::atomic<uint64_t>& word = shares[share].word;
    uint64_t seen = word.load(std::memory_order_acquire);
    for (;;) {
      if (static_cast<uint32_t>(seen >> 32) != current) return -1;
      const int next = static_cast<int>(seen >> 16 & 0xffff);
      const int end = static_cast<int>(seen & 0xffff);
      if (next >= end) return -1;
      if (word.compare_exchange_weak(seen, pack(current, next + 1, end), std::memory_order_acq_rel,
                                     std::memory_order_acquire))
        return next;
    }
  }

  // Works on round `current` until no item is left unclaimed: the own share first, then the others'.
  void work(int member, uint32_t current) {
    for (int i = 0; i < members; i++) {
      const int share = (member + i) % members;
      for (int item = claim(share, current); item >= 0; item = claim(share, current)) {
        call.load(std::memory_order_relaxed)(function.load(std::memory_order_relaxed), item, member);
        unfinished.fetch_sub(1, std::memory_order_acq_rel);
      }
    }
  }

  void help(int member) {
    uint32_t last = 0;
    for (int spins = 0; !over.load(std::memory_order_acquire); spins++) {
      const uint32_t current = number.load(std::memory_order_acquire);
      if (current == last) {
        relax(spins);
        continue;
      }
      work(member, current);
      last = current;
      spins = 0;
    }
  }
};

Team::Team(int members, const std::function<void(std::function<void()>)>& schedule)
    : members_(std::max(1, std::min(members, kMostMembers))), round_(std::make_shared<Round>()) {
  round_->members = members_;
  for (int member = 1; member < members_; member++) schedule([round = round_, member] { round->help(member); });
}

Team::~Team() { round_->over.store(true, std::memory_order_release); }

void Team::run(int count, Call call, const void* function) {
  if (members_ == 1 || count <= 1 || count > kMostItems) {
    for (int i = 0; i < count; i++) call(function, i, 0);
    return;
  }
  round_->begin(count, call, function);
  round_->work(0, round_->number.load(std::memory_order_relaxed));
  for (int spins = 0; round_->unfinished.load(std::memory_order_acquire) > 0; spins++) relax(spins);
}

}  // namespace rim_agents
