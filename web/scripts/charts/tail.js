// How many rows a line flags, from the outline of their scores: as pynomaly/domain/score_outline.py tells it.
export class Tail {
  constructor({ thresholds, n_past, false_alarms, exact_ranks }) {
    Object.assign(this, { thresholds, nPast: n_past, falseAlarms: false_alarms, exactRanks: exact_ranks });
  }

  // Exact down to the strangest few hundred, interpolated below.
  rowsPast(threshold) {
    const after = this.#firstBelow(threshold, false);
    const above = after ? this.nPast[after - 1] : 0;
    const isListed = after > 0 && this.thresholds[after - 1] === threshold;
    if (after === 0 || after === this.thresholds.length || above < this.exactRanks || isListed) {
      return { n: above, isAbout: false };
    }
    const [high, low] = [this.thresholds[after - 1], this.thresholds[after]];
    const part = (high - threshold) / (high - low);
    return { n: above + Math.floor(part * (this.nPast[after] - above)), isAbout: true };
  }

  // The lowest line that at most so many rows reach, null where the first already has more.
  thresholdForRows(rows) {
    let lines = 0;
    while (lines < this.nPast.length && this.nPast[lines] <= rows) lines += 1;
    return lines ? this.thresholds[lines - 1] : null;
  }

  falseAlarmsPast(threshold) {
    if (!this.falseAlarms) return null;
    return this.falseAlarms[Math.min(this.#firstBelow(threshold, true), this.thresholds.length - 1)];
  }

  // The place of the first threshold below a score; with `isOrAt` also one that equals it.
  #firstBelow(score, isOrAt) {
    let [low, high] = [0, this.thresholds.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const isBefore = isOrAt ? this.thresholds[middle] > score : this.thresholds[middle] >= score;
      if (isBefore) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
