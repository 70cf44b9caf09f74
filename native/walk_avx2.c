/* Eight rows at once with AVX2; the same plan as walk_avx512.c with half the lanes and one-register permutations. */
#include "forest.h"

#if HAS_X86_PATHS
#include <immintrin.h>

#define LANES 8
#define TARGET __attribute__((target("avx2")))
#define INLINE TARGET static inline __attribute__((always_inline))

/* Levels whose values come out of whole columns. */
#define TOP_LEVELS 4

/* Levels whose slots are looked up by permutations; the last of them has 32 slots, four permutations. */
#define PERMUTED_LEVELS 6

/* In each lane, the second where the bit of number is set, else the first. */
INLINE __m256 merge(__m256 first, __m256 second, __m256i number, int bit)
{
    return _mm256_blendv_ps(first, second, _mm256_castsi256_ps(_mm256_slli_epi32(number, 31 - bit)));
}

/* Read table[slot] in each lane, for slots of one level: 2^level to 2^(level + 1) - 1. */
INLINE __m256 look_up(const void *table, __m256i slot, int level)
{
    const float *entries = table;
    if (level >= PERMUTED_LEVELS)
        return _mm256_i32gather_ps(entries, slot, 4);
    if (level <= 2)
        return _mm256_permutevar8x32_ps(_mm256_loadu_ps(entries), slot);
    __m256 parts[1 << (PERMUTED_LEVELS - 4)];
    int n = 1 << (level - 3);
    for (int i = 0; i < n; i++)
        parts[i] = _mm256_permutevar8x32_ps(_mm256_loadu_ps(entries + (1 << level) + LANES * i), slot);
    for (int bit = 3; n > 1; bit++, n /= 2)
        for (int i = 0; i < n / 2; i++)
            parts[i] = merge(parts[2 * i], parts[2 * i + 1], slot, bit);
    return parts[0];
}

/* The value of each lane's feature: merged out of the first n_merged columns, or gathered if that is 0. */
INLINE __m256 value_of(const float *tile, int32_t n_features, int n_merged, __m256i feature)
{
    if (n_merged == 0) {
        const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
        return _mm256_i32gather_ps(tile, _mm256_add_epi32(_mm256_slli_epi32(feature, 3), lane), 4);
    }
    __m256 parts[16];
    for (int i = 0; i < n_merged; i++)
        parts[i] = _mm256_loadu_ps(tile + (i < n_features ? i : 0) * LANES);
    for (int bit = 0, n = n_merged; n > 1; bit++, n /= 2)
        for (int i = 0; i < n / 2; i++)
            parts[i] = merge(parts[2 * i], parts[2 * i + 1], feature, bit);
    return parts[0];
}

/* Go from each lane's slot to its left child, or where value is above threshold to its right child. */
INLINE __m256i turn(__m256i slot, __m256 value, __m256 threshold)
{
    __m256i minus_one_if_right = _mm256_castps_si256(_mm256_cmp_ps(value, threshold, _CMP_GT_OQ));
    return _mm256_sub_epi32(_mm256_add_epi32(slot, slot), minus_one_if_right);
}

/* Walk the first TOP_LEVELS levels. columns: the column of each slot's feature, as an offset into the tile. */
INLINE __m256i walk_top(const float *tile, const int32_t *columns, const float *threshold)
{
    __m256i slot = _mm256_set1_epi32(1);
#pragma GCC unroll 4
    for (int level = 0; level < TOP_LEVELS; level++) {
        __m256 parts[1 << (TOP_LEVELS - 1)];
        int n = 1 << level;
        for (int i = 0; i < n; i++)
            parts[i] = _mm256_loadu_ps(tile + columns[n + i]);
        for (int bit = 0; n > 1; bit++, n /= 2)
            for (int i = 0; i < n / 2; i++)
                parts[i] = merge(parts[2 * i], parts[2 * i + 1], slot, bit);
        slot = turn(slot, parts[0], look_up(threshold, slot, level));
    }
    return slot;
}

INLINE void add_leaves(const uint32_t *leaf, __m256i slot, int64_t *paths)
{
    __m256i length = _mm256_i32gather_epi32((const int *)leaf, slot, 4);
    __m256i *sums = (__m256i *)paths;
    __m256i low = _mm256_cvtepu32_epi64(_mm256_castsi256_si128(length));
    __m256i high = _mm256_cvtepu32_epi64(_mm256_extracti128_si256(length, 1));
    _mm256_storeu_si256(sums, _mm256_add_epi64(_mm256_loadu_si256(sums), low));
    _mm256_storeu_si256(sums + 1, _mm256_add_epi64(_mm256_loadu_si256(sums + 1), high));
}

INLINE void walk(const LaidOutForest *forest, const float *tile, int n_merged, int n_groups, int64_t *paths)
{
    const int depth = forest->depth;
    const __m256i n_slots = _mm256_set1_epi32(1 << depth);
    const size_t group_cells = (size_t)forest->n_features * LANES;
    for (int32_t tree = 0; tree < forest->n_trees; tree++) {
        const int32_t *feature = forest->feature + ((size_t)tree << depth);
        const float *threshold = forest->threshold + ((size_t)tree << depth);
        const uint32_t *leaf = forest->leaf + ((size_t)tree << depth);
        int32_t columns[1 << TOP_LEVELS];
        for (int i = 0; i < 1 << TOP_LEVELS; i++)
            columns[i] = feature[i] * LANES;
        for (int group = 0; group < n_groups; group++) {
            const float *cells = tile + (size_t)group * group_cells;
            __m256i slot = walk_top(cells, columns, threshold);
#pragma GCC unroll 2
            for (int level = TOP_LEVELS; level < PERMUTED_LEVELS; level++) {
                if (level == depth)
                    break;
                __m256i chosen = _mm256_castps_si256(look_up(feature, slot, level));
                __m256 value = value_of(cells, forest->n_features, n_merged, chosen);
                slot = turn(slot, value, look_up(threshold, slot, level));
            }
            for (int level = PERMUTED_LEVELS; level < depth; level++) {
                __m256i chosen = _mm256_castps_si256(look_up(feature, slot, PERMUTED_LEVELS));
                __m256 value = value_of(cells, forest->n_features, n_merged, chosen);
                slot = turn(slot, value, look_up(threshold, slot, PERMUTED_LEVELS));
            }
            add_leaves(leaf, _mm256_sub_epi32(slot, n_slots), paths + group * LANES);
        }
    }
}

TARGET void add_paths_avx2(const LaidOutForest *forest, const float *tile, int n_groups, int64_t *paths)
{
    if (forest->n_features <= 4)
        walk(forest, tile, 4, n_groups, paths);
    else if (forest->n_features <= 8)
        walk(forest, tile, 8, n_groups, paths);
    else
        walk(forest, tile, 0, n_groups, paths);
}
#endif
