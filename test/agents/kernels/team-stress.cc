// Rounds of changing size, as a RIM's steps make them: every item must be done exactly once, and none after its round;
// it sees what leader and items wrote in earlier rounds, and the leader sees what it wrote.
// Arguments: members, rounds.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "team.h"

int main(int, char** arguments) {
  const int members = std::atoi(arguments[1]), rounds = std::atoi(arguments[2]);
  const int counts[] = {2, 6, 2, 6, 8, 1, 40, 3};
  std::vector<std::thread> helpers;
  long wrong = 0;
  {
    rim_agents::Team team(members, [&](std::function<void()> work) { helpers.emplace_back(std::move(work)); });
    std::vector<std::atomic<int>> done(64);
    int fromLeader = 0, written[2][64] = {};  // plain memory, by the round's parity
    for (int round = 0; round < rounds; round++) {
      const int count = counts[round % 8], before = counts[(round + 7) % 8];
      for (auto& item : done) item.store(0, std::memory_order_relaxed);
      fromLeader = round;
      const int *last = written[1 - round % 2], *now = written[round % 2];
      team.eachByMember(count, [&](int item, int member) {
        if (member < 0 || member >= team.members()) std::abort();
        if (round > 0 && last[(item * 7) % before] != round - 1) std::abort();
        written[round % 2][item] = fromLeader;
        done[item].fetch_add(1, std::memory_order_relaxed);
      });
      for (int item = 0; item < 64; item++)
        wrong += done[item].load(std::memory_order_relaxed) != (item < count ? 1 : 0);
      for (int item = 0; item < count; item++) wrong += now[item] != round;
    }
  }
  for (auto& helper : helpers) helper.join();
  std::printf("%ld wrong\n", wrong);
  return wrong == 0 ? 0 : 1;
}
