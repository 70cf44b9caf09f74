/* Hoare (1961), "Algorithm 64: Quicksort" and "Algorithm 65: Find", CACM 4(7), with the median of three as pivot. */
#include "pairs.h"

#define SHORT 16 /* so few are sorted by insertion */

static void swap(Pair *a, Pair *b)
{
    Pair kept = *a;
    *a = *b;
    *b = kept;
}

static void sort_short(Pair *pairs, int64_t n)
{
    for (int64_t i = 1; i < n; i++) {
        Pair moved = pairs[i];
        int64_t place = i;
        for (; place > 0 && is_less(moved, pairs[place - 1]); place--)
            pairs[place] = pairs[place - 1];
        pairs[place] = moved;
    }
}

/* Part n >= 3 pairs at a pivot; return its place: all before it are less, all after it are not. */
static int64_t part(Pair *pairs, int64_t n)
{
    Pair *middle = pairs + n / 2, *last = pairs + n - 1;
    if (is_less(*middle, *pairs))
        swap(middle, pairs);
    if (is_less(*last, *pairs))
        swap(last, pairs);
    if (is_less(*last, *middle))
        swap(last, middle);
    swap(middle, last - 1);
    Pair pivot = last[-1];
    int64_t low = 0, high = n - 2;
    for (;;) {
        while (is_less(pairs[++low], pivot))
            ;
        while (is_less(pivot, pairs[--high]))
            ;
        if (low >= high)
            break;
        swap(pairs + low, pairs + high);
    }
    swap(pairs + low, last - 1);
    return low;
}

void select_pairs(Pair *pairs, int64_t n, int64_t n_first)
{
    while (n > SHORT) {
        int64_t pivot = part(pairs, n);
        if (pivot == n_first - 1)
            return;
        if (pivot >= n_first) {
            n = pivot;
        } else {
            pairs += pivot + 1;
            n -= pivot + 1;
            n_first -= pivot + 1;
        }
    }
    sort_short(pairs, n);
}

void sort_pairs(Pair *pairs, int64_t n)
{
    while (n > SHORT) {
        int64_t pivot = part(pairs, n), n_after = n - pivot - 1;
        if (pivot < n_after) { /* the shorter side first, so that calls nest at most 63 deep */
            sort_pairs(pairs, pivot);
            pairs += pivot + 1;
            n = n_after;
        } else {
            sort_pairs(pairs + pivot + 1, n_after);
            n = pivot;
        }
    }
    sort_short(pairs, n);
}
