/* Numbers with the rows they belong to, ordered by number and, where numbers tie, by row. */
#ifndef PYNOMALY_PAIRS_H
#define PYNOMALY_PAIRS_H

#include <stdint.h>

typedef struct {
    double key; /* not NaN */
    int64_t row;
} Pair;

static inline int is_less(Pair a, Pair b)
{
    return a.key < b.key || (a.key == b.key && a.row < b.row);
}

/* Reorder pairs so that the first `n_first` (1 to n) are the least ones and the largest of them is the last of them. */
void select_pairs(Pair *pairs, int64_t n, int64_t n_first);

void sort_pairs(Pair *pairs, int64_t n);

#endif
