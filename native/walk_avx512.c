/* Sixteen rows at once with AVX-512.

   Gathers from memory take one access per lane, so they are the last resort. Near the root there are so few slots that
   every lane's value comes out of whole columns, merged by the turns taken so far. Further down, a slot's feature and
   threshold are read by permutations, 32 entries an instruction; and the row's value is merged out of all columns by
   the bits of the feature number where there are few columns, gathered where there are many. */
#include "forest.h"

#if HAS_X86_PATHS
#include <immintrin.h>

#define LANES 16
#define TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl")))
#define INLINE TARGET static inline __attribute__((always_inline))

/* Levels whose values come out of whole columns. */
#define TOP_LEVELS 4

/* Levels whose slots are looked up by permutations; the last of them has 128 slots, four permutations. */
#define PERMUTED_LEVELS 8

/* Read table[slot] in each lane, for slots of one level: 2^level to 2^(level + 1) - 1. */
INLINE __m512i look_up(const void *table, __m512i slot, int level)
{
    const int32_t *entries = table;
    if (level <= 3)
        return _mm512_permutexvar_epi32(slot, _mm512_loadu_si512(entries));
    if (level == 4)
        return _mm512_permutexvar_epi32(slot, _mm512_loadu_si512(entries + LANES));
    if (level >= PERMUTED_LEVELS)
        return _mm512_i32gather_epi32(slot, entries, 4);
    __m512i parts[1 << (PERMUTED_LEVELS - 6)];
    int n = 1 << (level - 5);
    for (int i = 0; i < n; i++) {
        const int32_t *part = entries + (1 << level) + 2 * LANES * i;
        parts[i] = _mm512_permutex2var_epi32(_mm512_loadu_si512(part), slot, _mm512_loadu_si512(part + LANES));
    }
    for (int bit = 5; n > 1; bit++, n /= 2) {
        __mmask16 is_second = _mm512_test_epi32_mask(slot, _mm512_set1_epi32(1 << bit));
        for (int i = 0; i < n / 2; i++)
            parts[i] = _mm512_mask_blend_epi32(is_second, parts[2 * i], parts[2 * i + 1]);
    }
    return parts[0];
}

/* The value of each lane's feature: merged out of the first n_merged columns, or gathered if that is 0. */
INLINE __m512 value_of(const float *tile, int32_t n_features, int n_merged, __m512i feature)
{
    if (n_merged == 0) {
        const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        return _mm512_i32gather_ps(_mm512_add_epi32(_mm512_slli_epi32(feature, 4), lane), tile, 4);
    }
    __m512 parts[LANES];
    for (int i = 0; i < n_merged; i++)
        parts[i] = _mm512_loadu_ps(tile + (i < n_features ? i : 0) * LANES);
    for (int bit = 0, n = n_merged; n > 1; bit++, n /= 2) {
        __mmask16 is_second = _mm512_test_epi32_mask(feature, _mm512_set1_epi32(1 << bit));
        for (int i = 0; i < n / 2; i++)
            parts[i] = _mm512_mask_blend_ps(is_second, parts[2 * i], parts[2 * i + 1]);
    }
    return parts[0];
}

/* Go from each lane's slot to its left child, or where value is above threshold to its right child. */
INLINE __m512i turn(__m512i slot, __mmask16 goes_right)
{
    __m512i left = _mm512_add_epi32(slot, slot);
    return _mm512_mask_add_epi32(left, goes_right, left, _mm512_set1_epi32(1));
}

INLINE __mmask16 is_above(__m512 value, __m512i threshold)
{
    return _mm512_cmp_ps_mask(value, _mm512_castsi512_ps(threshold), _CMP_GT_OQ);
}

/* Walk the first TOP_LEVELS levels. columns: the column of each slot's feature, as an offset into the tile. */
INLINE __m512i walk_top(const float *tile, const int32_t *columns, const float *threshold)
{
    __m512i slot = _mm512_set1_epi32(1);
    __mmask16 turns[TOP_LEVELS];
#pragma GCC unroll 4
    for (int level = 0; level < TOP_LEVELS; level++) {
        __m512 parts[1 << (TOP_LEVELS - 1)];
        int n = 1 << level;
        for (int i = 0; i < n; i++)
            parts[i] = _mm512_loadu_ps(tile + columns[n + i]);
        for (int last_turn = level - 1; n > 1; last_turn--, n /= 2)
            for (int i = 0; i < n / 2; i++)
                parts[i] = _mm512_mask_blend_ps(turns[last_turn], parts[2 * i], parts[2 * i + 1]);
        turns[level] = is_above(parts[0], look_up(threshold, slot, level));
        slot = turn(slot, turns[level]);
    }
    return slot;
}

INLINE void add_leaves(const uint32_t *leaf, __m512i slot, int64_t *paths)
{
    __m512i length = _mm512_i32gather_epi32(slot, leaf, 4);
    __m512i low = _mm512_cvtepu32_epi64(_mm512_castsi512_si256(length));
    __m512i high = _mm512_cvtepu32_epi64(_mm512_extracti64x4_epi64(length, 1));
    _mm512_storeu_si512(paths, _mm512_add_epi64(_mm512_loadu_si512(paths), low));
    _mm512_storeu_si512(paths + 8, _mm512_add_epi64(_mm512_loadu_si512(paths + 8), high));
}

INLINE void walk(const LaidOutForest *forest, const float *tile, int n_merged, int n_groups, int64_t *paths)
{
    const int depth = forest->depth;
    const __m512i n_slots = _mm512_set1_epi32(1 << depth);
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
            __m512i slot = walk_top(cells, columns, threshold);
#pragma GCC unroll 4
            for (int level = TOP_LEVELS; level < PERMUTED_LEVELS; level++) {
                if (level == depth)
                    break;
                __m512 value = value_of(cells, forest->n_features, n_merged, look_up(feature, slot, level));
                slot = turn(slot, is_above(value, look_up(threshold, slot, level)));
            }
            for (int level = PERMUTED_LEVELS; level < depth; level++) {
                __m512 value = value_of(cells, forest->n_features, n_merged, look_up(feature, slot, PERMUTED_LEVELS));
                slot = turn(slot, is_above(value, look_up(threshold, slot, PERMUTED_LEVELS)));
            }
            add_leaves(leaf, _mm512_sub_epi32(slot, n_slots), paths + group * LANES);
        }
    }
}

TARGET void add_paths_avx512(const LaidOutForest *forest, const float *tile, int n_groups, int64_t *paths)
{
    if (forest->n_features <= 4)
        walk(forest, tile, 4, n_groups, paths);
    else if (forest->n_features <= 8)
        walk(forest, tile, 8, n_groups, paths);
    else if (forest->n_features <= 16)
        walk(forest, tile, 16, n_groups, paths);
    else
        walk(forest, tile, 0, n_groups, paths);
}
#endif
