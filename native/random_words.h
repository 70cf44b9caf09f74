/* Random numbers that C and Python draw alike, word for word (kernels/random_words.py). */
#ifndef PYNOMALY_RANDOM_WORDS_H
#define PYNOMALY_RANDOM_WORDS_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* SplitMix64: Steele, Lea and Flood (2014), "Fast splittable pseudorandom number generators", OOPSLA. */
static inline uint64_t next_random(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* A multiple of 2^-53 in [0, 1). */
static inline double next_uniform(uint64_t *state)
{
    return (double)(next_random(state) >> 11) * 0x1.0p-53;
}

/* A whole number in [0, n); the product cannot round up to n while n < 2^53. */
static inline int64_t next_below(uint64_t *state, int64_t n)
{
    return (int64_t)(next_uniform(state) * (double)n);
}

/* Insert value into an open-addressing set of non-negative numbers; returns 0 if it was there. */
static inline int insert(int64_t *set, uint64_t mask, int64_t value)
{
    uint64_t slot = ((uint64_t)value * UINT64_C(0x9E3779B97F4A7C15) >> 20) & mask;
    while (set[slot] >= 0) {
        if (set[slot] == value)
            return 0;
        slot = (slot + 1) & mask;
    }
    set[slot] = value;
    return 1;
}

/* Draw different numbers below n_rows by Floyd's method (Bentley and Floyd 1987, CACM 30(9)); 0 if out of memory. */
static inline int draw_rows(uint64_t *state, int64_t n_rows, int32_t n_drawn, int64_t *drawn)
{
    uint64_t n_slots = 2;
    while (n_slots < 2 * (uint64_t)n_drawn)
        n_slots *= 2;
    int64_t *set = malloc(n_slots * sizeof *set);
    if (!set)
        return 0;
    memset(set, 0xFF, n_slots * sizeof *set);
    for (int32_t i = 0; i < n_drawn; i++) {
        int64_t last = n_rows - n_drawn + i;
        drawn[i] = next_below(state, last + 1);
        if (!insert(set, n_slots - 1, drawn[i])) {
            drawn[i] = last;
            insert(set, n_slots - 1, last);
        }
    }
    free(set);
    return 1;
}

#endif
