/* Isolation forest kernels: plain C, no Python in sight. See Liu, Ting and Zhou (2008), "Isolation Forest", ICDM. */
#ifndef PYNOMALY_FOREST_H
#define PYNOMALY_FOREST_H

#include <stddef.h>
#include <stdint.h>

/* Path lengths are whole multiples of 2^-24: sums of integers are exact, so they do not depend on the order of
   addition, and every instruction set gives the same bits. A path is below 64 (depth at most 20, leaf correction
   below 40), so a leaf fits 32 bits. */
#define PATH_LENGTH_FRACTION_BITS 24

/* Deepest tree that is laid out; 2^20 slots per tree. */
#define MAX_DEPTH 20

/* Most columns: the number of any cell among sixteen rows fits 32 bits. */
#define MAX_FEATURES (1 << 26)

/* Smallest laid-out depth: 32 slots, two 16-lane registers, so the vector walks need no special case below it. */
#define MIN_DEPTH 5

/* Trees as they are grown and stored: nodes in preorder, one tree after the other.
   feature is -1 at a leaf; thresholds are those of the inner nodes only, leaf sizes those of the leaves only. */
typedef struct {
    int32_t *feature;
    float *threshold;
    int32_t *leaf_size;
    int64_t node_capacity;
    int64_t n_nodes;
    int64_t n_inner;
    int64_t n_leaves;
} GrownTrees;

typedef enum { GROW_OK, GROW_OUT_OF_MEMORY, GROW_NO_ROOM } GrowResult;

/* Grow one tree from max_samples of the rows, drawn without replacement, and append it to trees. */
GrowResult grow_tree(const float *rows, int64_t n_rows, int32_t n_features, int32_t max_samples, int depth_limit,
                     uint64_t seed, GrownTrees *trees);

/* Trees as they are walked: each one completed to the same depth, as a heap counted from 1 (children 2i and 2i + 1).
   Each tree has 2^depth slots in all three arrays; slot 0 of feature and threshold is unused. */
typedef struct {
    const int32_t *feature;
    const float *threshold;
    const uint32_t *leaf;
    int32_t n_trees;
    int32_t n_features;
    int depth;
} LaidOutForest;

/* Lay one stored tree out; returns 0 if the stored tree is malformed. correction holds c(n) for n = 0..max_size. */
int lay_out_tree(const int32_t *stored_feature, int64_t n_nodes, const float *stored_threshold, int64_t n_inner,
                 const int32_t *leaf_size, int64_t n_leaves, const uint32_t *correction, int32_t max_size,
                 int32_t n_features, int depth, int32_t *feature, float *threshold, uint32_t *leaf);

#if (defined(__x86_64__) || defined(__i386__)) && (defined(__GNUC__) || defined(__clang__))
#define HAS_X86_PATHS 1
/* Add the path lengths over all trees to paths, one per row of the tile: n_groups groups of 16 (AVX-512) or 8 (AVX2)
   rows, each group column by column. */
void add_paths_avx512(const LaidOutForest *forest, const float *tile, int n_groups, int64_t *paths);
void add_paths_avx2(const LaidOutForest *forest, const float *tile, int n_groups, int64_t *paths);
#else
#define HAS_X86_PATHS 0
#endif

typedef enum { PATH_SCALAR, PATH_AVX2, PATH_AVX512 } ScoringPath;

/* The widest path this processor can walk. */
ScoringPath widest_path(void);

/* Write 2^(-scale * sum of path lengths) for each row; returns 0 if a value in rows is not a finite number. */
int score_rows(ScoringPath path, const LaidOutForest *forest, const float *rows, int64_t n_rows, double scale,
               double *scores);

int are_finite_floats(const float *values, int64_t n);

/* 2^-x for x in [0, 65). */
double power_of_half(double x);

#endif
