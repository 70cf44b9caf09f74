// Where scores stand on the axis of a histogram: true to scale as far as it is drawn, and what lies further out in one
// last bin, by rank.
const LAST_BIN = 0.08; // of the rest of the axis

export class ScoreScale {
  // edges: of the bins.  far: the scores that lie further out, ascending, the highest of all last.
  constructor(edges, far) {
    this.low = edges[0];
    this.high = edges.at(-1);
    const span = this.high - this.low;
    const room = span > 0 ? 0 : Math.max(Math.abs(this.low) * 0.1, 1e-6); // all rows score the same
    this.far = far;
    this.min = this.low - room;
    this.top = this.high + room;
    this.max = far.length ? this.top + (this.top - this.min) * LAST_BIN : this.top;
  }

  // The place of a score on the axis.
  placed(score) {
    if (score <= this.top || !this.far.length) return Math.min(Math.max(score, this.min), this.top);
    const rungs = [this.top, ...this.far];
    const after = rungs.findIndex((rung) => rung >= score);
    if (after < 0) return this.max;
    const part = after - 1 + (score - rungs[after - 1]) / (rungs[after] - rungs[after - 1]);
    return this.top + ((this.max - this.top) * part) / this.far.length;
  }

  // The same as a part of the axis, from 0 to 1.
  part(score) {
    return (this.placed(score) - this.min) / (this.max - this.min);
  }

  // The score at a place of the axis.
  scoreAt(place) {
    if (place <= this.top) return Math.max(place, this.min);
    const part = (Math.min((place - this.top) / (this.max - this.top), 1) * this.far.length) || 0;
    const rungs = [this.top, ...this.far];
    const before = Math.min(Math.floor(part), this.far.length - 1);
    return rungs[before] + (part - before) * (rungs[before + 1] - rungs[before]);
  }

  // A score with no more digits than can be told apart on the axis.
  rounded(score) {
    const digits = Math.ceil(-Math.log10((this.max - this.min) / 1000));
    return Number(score.toFixed(Math.min(Math.max(digits, 0), 20)));
  }

  // The middle of a bin; the one after the last holds what is further out, the one before the first what is below.
  middle(edges, bin) {
    if (bin < 0) return this.min;
    if (bin >= edges.length - 1) return (this.top + this.max) / 2;
    return (edges[bin] + edges[bin + 1]) / 2;
  }
}
