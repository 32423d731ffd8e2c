/** Episodes 0, 1, 8, 27, ..., 729, 1000, then every 1000th (gymnasium.utils.save_video). */
export function cappedCubicVideoSchedule(episode: number): boolean {
  return episode < 1000 ? Math.round(Math.cbrt(episode)) ** 3 === episode : episode % 1000 === 0;
}
