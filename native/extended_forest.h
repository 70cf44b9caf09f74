/* Extended isolation forest: trees that cut along random hyperplanes. See Hariri, Carrasco Kind and Brunner (2021),
   "Extended isolation forest", TKDE 33(4). Plain C, no Python in sight. */
#ifndef PYNOMALY_EXTENDED_FOREST_H
#define PYNOMALY_EXTENDED_FOREST_H

#include <stdint.h>

/* Trees as heaps of one depth, counted from 1: children of slot i are 2i and 2i + 1; 2^depth slots in every array.
   A row goes right where the sum of weight * value over the slot's columns, added up in double in their order, is above
   the offset. Below a shallow leaf all weights and offsets are 0, so that every row goes left.
   leaf: path lengths in units of 2^-24 (forest.h). */
typedef struct {
    int32_t *feature; /* n_components for each slot */
    float *weight;
    float *offset;
    uint32_t *leaf;
    int32_t n_trees;
    int32_t n_features;
    int32_t n_components;
    int depth;
} ExtendedForest;

/* Grow one tree per seed into arrays of zeros. correction holds c(n) for n = 0..max_samples. Returns 0 out of memory. */
int grow_extended(const ExtendedForest *forest, const float *rows, int64_t n_rows, int32_t max_samples,
                  const uint64_t *seeds, const uint32_t *correction);

/* Write 2^(-scale * sum of path lengths) for each row; returns 0 if a value in rows is not a finite number. */
int score_extended(const ExtendedForest *forest, const float *rows, int64_t n_rows, double scale, double *scores);

#endif
