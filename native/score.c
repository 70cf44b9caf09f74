/* Scoring: the choice of a path, the portable walk, and the step from path lengths to scores. */
#include "forest.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rows are walked in blocks: a block and one tree stay together in the first-level cache, 32 KB or more. */
#define BLOCK_ROWS 256
#define BLOCK_CELLS 4096

ScoringPath widest_path(void)
{
#if HAS_X86_PATHS
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512vl"))
        return PATH_AVX512;
    if (__builtin_cpu_supports("avx2"))
        return PATH_AVX2;
#endif
    return PATH_SCALAR;
}

int are_finite_floats(const float *values, int64_t n)
{
    int n_bad = 0;
    for (int64_t i = 0; i < n; i++)
        n_bad += !(fabsf(values[i]) <= FLT_MAX);
    return n_bad == 0;
}

/* 2^-x = 2^-n e^t with t = (n - x) ln 2 in [-0.35, 0.35]; the Taylor series to t^13 leaves 4e-18.
   Only multiplications and additions in a fixed order: the same bits here, in numpy and on any machine. */
double power_of_half(double x)
{
    static const double inverse_factorials[] = {
        1.0 / 6227020800.0, 1.0 / 479001600.0, 1.0 / 39916800.0, 1.0 / 3628800.0, 1.0 / 362880.0, 1.0 / 40320.0,
        1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0};
    int n = (int)(x + 0.5);
    double t = ((double)n - x) * 0x1.62e42fefa39efp-1;
    double sum = inverse_factorials[0];
    for (int k = 1; k < 14; k++)
        sum = sum * t + inverse_factorials[k];
    uint64_t bits = (uint64_t)(1023 - n) << 52; /* 2^-n; a path is below 64 and c(psi) at least 1, so n is below 65 */
    double power;
    memcpy(&power, &bits, sizeof power);
    return sum * power;
}

/* Rows are walked four at a time, so that the processor has other loads to do while it waits for one. */
#define INTERLEAVED 4

static void add_paths_scalar(const LaidOutForest *forest, const float *rows, int n_rows, int64_t *paths)
{
    const size_t n_slots = (size_t)1 << forest->depth, n_features = (size_t)forest->n_features;
    for (int32_t tree = 0; tree < forest->n_trees; tree++) {
        const int32_t *feature = forest->feature + (size_t)tree * n_slots;
        const float *threshold = forest->threshold + (size_t)tree * n_slots;
        const uint32_t *leaf = forest->leaf + (size_t)tree * n_slots;
        int i = 0;
        for (; i + INTERLEAVED <= n_rows; i += INTERLEAVED) {
            const float *row = rows + (size_t)i * n_features;
            size_t slot[INTERLEAVED] = {1, 1, 1, 1};
            for (int level = 0; level < forest->depth; level++)
                for (size_t k = 0; k < INTERLEAVED; k++)
                    slot[k] = 2 * slot[k] + (row[k * n_features + (size_t)feature[slot[k]]] > threshold[slot[k]]);
            for (int k = 0; k < INTERLEAVED; k++)
                paths[i + k] += leaf[slot[k] - n_slots];
        }
        for (; i < n_rows; i++) {
            const float *row = rows + (size_t)i * n_features;
            size_t slot = 1;
            for (int level = 0; level < forest->depth; level++)
                slot = 2 * slot + (row[feature[slot]] > threshold[slot]);
            paths[i] += leaf[slot - n_slots];
        }
    }
}

#if HAS_X86_PATHS
/* Turn rows into groups of `lanes` rows, each group column by column; zeros where the last group is not full. */
static void fill_tile(const float *rows, int n_rows, int32_t n_features, int lanes, float *tile)
{
    for (int start = 0; start < n_rows; start += lanes, tile += (size_t)lanes * (size_t)n_features)
        for (int32_t f = 0; f < n_features; f++)
            for (int lane = 0; lane < lanes; lane++) {
                int row = start + lane;
                tile[f * lanes + lane] = row < n_rows ? rows[(size_t)row * (size_t)n_features + (size_t)f] : 0.0f;
            }
}
#endif

/* tile: room for a block of rows on the vector paths, NULL on the scalar one. */
static void add_paths(ScoringPath path, const LaidOutForest *forest, const float *rows, int n_rows, float *tile,
                      int64_t *paths)
{
#if HAS_X86_PATHS
    if (tile) {
        int lanes = path == PATH_AVX512 ? 16 : 8, n_groups = (n_rows + lanes - 1) / lanes;
        fill_tile(rows, n_rows, forest->n_features, lanes, tile);
        if (path == PATH_AVX512)
            add_paths_avx512(forest, tile, n_groups, paths);
        else
            add_paths_avx2(forest, tile, n_groups, paths);
        return;
    }
#endif
    (void)path;
    (void)tile;
    add_paths_scalar(forest, rows, n_rows, paths);
}

/* A whole number of groups of 16 rows, at least one, few enough for the cache. */
static int rows_per_block(int32_t n_features)
{
    int rows = BLOCK_CELLS / n_features / 16 * 16;
    return rows < 16 ? 16 : rows > BLOCK_ROWS ? BLOCK_ROWS : rows;
}

int score_rows(ScoringPath path, const LaidOutForest *forest, const float *rows, int64_t n_rows, double scale,
               double *scores)
{
    int64_t paths[BLOCK_ROWS];
    const int block_rows = rows_per_block(forest->n_features);
    float *tile = NULL;
    if (path != PATH_SCALAR) /* without memory for a tile the scalar walk gives the same bits */
        tile = malloc((size_t)block_rows * (size_t)forest->n_features * sizeof *tile);
    int is_finite = 1;
    for (int64_t start = 0; start < n_rows && is_finite; start += block_rows) {
        int n = (int)(n_rows - start < block_rows ? n_rows - start : block_rows);
        const float *block = rows + start * forest->n_features;
        is_finite = are_finite_floats(block, (int64_t)n * forest->n_features);
        memset(paths, 0, sizeof paths);
        add_paths(path, forest, block, n, tile, paths);
        for (int i = 0; i < n && is_finite; i++)
            scores[start + i] = power_of_half((double)paths[i] * scale);
    }
    free(tile);
    return is_finite;
}
