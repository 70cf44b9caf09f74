/* Growing and walking trees of random hyperplanes. The numpy twin (extended_twin.py) makes the same draws and sums. */
#include "extended_forest.h"

#include <stdlib.h>
#include <string.h>

#include "forest.h"
#include "random_words.h"

#define BLOCK_ROWS 256

typedef struct {
    const ExtendedForest *forest; /* its arrays start at this tree */
    uint64_t random;
    const float *rows;
    int64_t *order; /* drawn rows, those of one node side by side */
    const uint32_t *correction;
} Sapling;

/* Nearly normal: the sum of twelve uniform numbers less its mean. No logarithm, so the same bits everywhere. */
static float next_normal(uint64_t *state)
{
    int64_t sum = 0;
    for (int word = 0; word < 3; word++) {
        uint64_t four = next_random(state);
        for (int part = 0; part < 64; part += 16)
            sum += (int64_t)(four >> part & 0xFFFF);
    }
    return (float)((double)(sum - 6 * 65535) * 0x1.0p-16);
}

/* Floyd's method (Bentley and Floyd 1987, CACM 30(9)), into rising order. */
static void draw_features(uint64_t *state, int32_t n_features, int32_t n_drawn, int32_t *drawn)
{
    for (int32_t n = 0; n < n_drawn; n++) {
        int32_t last = n_features - n_drawn + n, number = (int32_t)next_below(state, (int64_t)last + 1), place = 0;
        for (int32_t i = 0; i < n; i++)
            number = drawn[i] == number ? last : number;
        for (place = n; place > 0 && drawn[place - 1] > number; place--)
            drawn[place] = drawn[place - 1];
        drawn[place] = number;
    }
}

static inline int is_above(const ExtendedForest *forest, int64_t slot, const float *row)
{
    const int64_t first = slot * forest->n_components;
    double sum = 0;
    for (int32_t i = 0; i < forest->n_components; i++)
        sum += (double)forest->weight[first + i] * (double)row[forest->feature[first + i]];
    return sum > (double)forest->offset[slot];
}

/* Draw a slot's hyperplane: a normal direction through a point of the box around order[start..end). */
static void draw_cut(Sapling *sapling, int64_t slot, int64_t start, int64_t end)
{
    const ExtendedForest *forest = sapling->forest;
    int32_t *feature = forest->feature + slot * forest->n_components;
    draw_features(&sapling->random, forest->n_features, forest->n_components, feature);
    double offset = 0;
    for (int32_t i = 0; i < forest->n_components; i++) {
        float low = sapling->rows[sapling->order[start] * forest->n_features + feature[i]], high = low;
        for (int64_t k = start + 1; k < end; k++) {
            float value = sapling->rows[sapling->order[k] * forest->n_features + feature[i]];
            low = value < low ? value : low;
            high = value > high ? value : high;
        }
        float weight = next_normal(&sapling->random);
        double point = (double)low + next_uniform(&sapling->random) * ((double)high - (double)low);
        forest->weight[slot * forest->n_components + i] = weight;
        offset += (double)weight * point;
    }
    const double largest = 0x1.fffffep127;
    forest->offset[slot] = (float)(offset > largest ? largest : offset < -largest ? -largest : offset);
}

/* Recursion is as deep as the tree: at most MAX_DEPTH. */
static void grow_slot(Sapling *sapling, int64_t slot, int level, int64_t start, int64_t end)
{
    const ExtendedForest *forest = sapling->forest;
    if (end - start <= 1 || level == forest->depth) {
        int64_t first = (slot << (forest->depth - level)) - ((int64_t)1 << forest->depth);
        forest->leaf[first] = ((uint32_t)level << PATH_LENGTH_FRACTION_BITS) + sapling->correction[end - start];
        return;
    }
    draw_cut(sapling, slot, start, end);
    int64_t middle = start;
    for (int64_t i = start; i < end; i++) {
        int64_t row = sapling->order[i];
        sapling->order[i] = sapling->order[middle];
        sapling->order[middle] = row;
        middle += !is_above(forest, slot, sapling->rows + row * forest->n_features);
    }
    grow_slot(sapling, 2 * slot, level + 1, start, middle);
    grow_slot(sapling, 2 * slot + 1, level + 1, middle, end);
}

/* One tree of a forest, as a forest of which it is the first. */
static ExtendedForest tree_of(const ExtendedForest *forest, int32_t tree)
{
    ExtendedForest one = *forest;
    const int64_t first = (int64_t)tree << forest->depth;
    one.feature += first * forest->n_components;
    one.weight += first * forest->n_components;
    one.offset += first;
    one.leaf += first;
    return one;
}

int grow_extended(const ExtendedForest *forest, const float *rows, int64_t n_rows, int32_t max_samples,
                  const uint64_t *seeds, const uint32_t *correction)
{
    int64_t *order = malloc((size_t)max_samples * sizeof *order);
    int is_grown = order != NULL;
    for (int32_t tree = 0; tree < forest->n_trees && is_grown; tree++) {
        ExtendedForest one = tree_of(forest, tree);
        Sapling sapling = {&one, seeds[tree], rows, order, correction};
        is_grown = draw_rows(&sapling.random, n_rows, max_samples, order);
        if (is_grown)
            grow_slot(&sapling, 1, 0, 0, max_samples);
    }
    free(order);
    return is_grown;
}

/* Rows are walked four at a time, so that the processor has other loads to do while it waits for one. */
#define INTERLEAVED 4

static void add_paths(const ExtendedForest *tree, const float *rows, int n_rows, int64_t *paths)
{
    const int64_t n_slots = (int64_t)1 << tree->depth, n_features = tree->n_features;
    int i = 0;
    for (; i + INTERLEAVED <= n_rows; i += INTERLEAVED) {
        int64_t slot[INTERLEAVED] = {1, 1, 1, 1};
        for (int level = 0; level < tree->depth; level++)
            for (int k = 0; k < INTERLEAVED; k++)
                slot[k] = 2 * slot[k] + is_above(tree, slot[k], rows + (i + k) * n_features);
        for (int k = 0; k < INTERLEAVED; k++)
            paths[i + k] += tree->leaf[slot[k] - n_slots];
    }
    for (; i < n_rows; i++) {
        int64_t slot = 1;
        for (int level = 0; level < tree->depth; level++)
            slot = 2 * slot + is_above(tree, slot, rows + i * n_features);
        paths[i] += tree->leaf[slot - n_slots];
    }
}

int score_extended(const ExtendedForest *forest, const float *rows, int64_t n_rows, double scale, double *scores)
{
    int64_t paths[BLOCK_ROWS];
    for (int64_t start = 0; start < n_rows; start += BLOCK_ROWS) {
        const int n = (int)(n_rows - start < BLOCK_ROWS ? n_rows - start : BLOCK_ROWS);
        const float *block = rows + start * forest->n_features;
        if (!are_finite_floats(block, (int64_t)n * forest->n_features))
            return 0;
        memset(paths, 0, sizeof paths);
        for (int32_t tree = 0; tree < forest->n_trees; tree++) {
            const ExtendedForest one = tree_of(forest, tree);
            add_paths(&one, block, n, paths);
        }
        for (int i = 0; i < n; i++)
            scores[start + i] = power_of_half((double)paths[i] * scale);
    }
    return 1;
}
