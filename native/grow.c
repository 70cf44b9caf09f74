/* Growing isolation trees. The numpy twin (forest_twin.py) makes the same draws and grows the same trees. */
#include "forest.h"
#include "random_words.h"

#include <stdlib.h>

typedef struct {
    uint64_t random;
    int32_t n_samples;
    int depth_limit;
    float *columns;      /* the sample, column by column */
    int32_t *order;      /* sample rows, those of one node side by side */
    int32_t *candidates; /* features; from some position on, known to be constant in this node */
    GrownTrees *trees;
} Sapling;

/* Draw rows without replacement and copy them by column. */
static GrowResult draw_sample(Sapling *sapling, const float *rows, int64_t n_rows, int32_t n_features)
{
    int64_t *drawn = malloc((size_t)sapling->n_samples * sizeof *drawn);
    if (!drawn || !draw_rows(&sapling->random, n_rows, sapling->n_samples, drawn)) {
        free(drawn);
        return GROW_OUT_OF_MEMORY;
    }
    for (int32_t i = 0; i < sapling->n_samples; i++)
        for (int32_t f = 0; f < n_features; f++)
            sapling->columns[(size_t)f * (size_t)sapling->n_samples + (size_t)i] = rows[drawn[i] * n_features + f];
    free(drawn);
    return GROW_OK;
}

/* Choose a feature that varies among order[start..end), each with the same chance; returns -1 if none does. */
static int32_t choose_feature(Sapling *sapling, int32_t start, int32_t end, int32_t *n_candidates, float *low,
                              float *high)
{
    while (*n_candidates > 0) {
        int32_t position = (int32_t)next_below(&sapling->random, *n_candidates);
        int32_t feature = sapling->candidates[position];
        const float *column = sapling->columns + (size_t)feature * (size_t)sapling->n_samples;
        float smallest = column[sapling->order[start]], largest = smallest;
        for (int32_t i = start + 1; i < end; i++) {
            float value = column[sapling->order[i]];
            smallest = value < smallest ? value : smallest;
            largest = value > largest ? value : largest;
        }
        if (smallest < largest) {
            *low = smallest;
            *high = largest;
            return feature;
        }
        *n_candidates -= 1;
        sapling->candidates[position] = sapling->candidates[*n_candidates];
        sapling->candidates[*n_candidates] = feature;
    }
    return -1;
}

/* Uniform in [low, high): in double, where high - low cannot overflow; never high, so both sides keep a row. */
static float draw_threshold(Sapling *sapling, float low, float high)
{
    double span = (double)high - (double)low;
    float threshold = (float)((double)low + next_uniform(&sapling->random) * span);
    return threshold < high ? threshold : low;
}

/* Move the rows at or below threshold to the front of order[start..end); returns where the others begin. */
static int32_t partition(Sapling *sapling, int32_t feature, float threshold, int32_t start, int32_t end)
{
    const float *column = sapling->columns + (size_t)feature * (size_t)sapling->n_samples;
    int32_t *order = sapling->order;
    int32_t middle = start;
    for (int32_t i = start; i < end; i++) {
        int32_t row = order[i];
        order[i] = order[middle];
        order[middle] = row;
        middle += column[row] <= threshold;
    }
    return middle;
}

/* Append the subtree of order[start..end) in preorder. Recursion is as deep as the tree: at most MAX_DEPTH. */
static GrowResult grow_node(Sapling *sapling, int32_t start, int32_t end, int depth, int32_t n_candidates)
{
    GrownTrees *trees = sapling->trees;
    if (trees->n_nodes >= trees->node_capacity)
        return GROW_NO_ROOM;
    float low = 0, high = 0;
    int32_t feature = -1;
    if (end - start > 1 && depth < sapling->depth_limit)
        feature = choose_feature(sapling, start, end, &n_candidates, &low, &high);
    trees->feature[trees->n_nodes++] = feature;
    if (feature < 0) {
        trees->leaf_size[trees->n_leaves++] = end - start;
        return GROW_OK;
    }
    float threshold = draw_threshold(sapling, low, high);
    trees->threshold[trees->n_inner++] = threshold;
    int32_t middle = partition(sapling, feature, threshold, start, end);
    GrowResult result = grow_node(sapling, start, middle, depth + 1, n_candidates);
    return result == GROW_OK ? grow_node(sapling, middle, end, depth + 1, n_candidates) : result;
}

GrowResult grow_tree(const float *rows, int64_t n_rows, int32_t n_features, int32_t max_samples, int depth_limit,
                     uint64_t seed, GrownTrees *trees)
{
    Sapling sapling = {.random = seed, .n_samples = max_samples, .depth_limit = depth_limit, .trees = trees};
    sapling.columns = malloc((size_t)max_samples * (size_t)n_features * sizeof *sapling.columns);
    sapling.order = malloc((size_t)max_samples * sizeof *sapling.order);
    sapling.candidates = malloc((size_t)n_features * sizeof *sapling.candidates);
    GrowResult result = GROW_OUT_OF_MEMORY;
    if (sapling.columns && sapling.order && sapling.candidates) {
        for (int32_t i = 0; i < max_samples; i++)
            sapling.order[i] = i;
        for (int32_t f = 0; f < n_features; f++)
            sapling.candidates[f] = f;
        result = draw_sample(&sapling, rows, n_rows, n_features);
        if (result == GROW_OK)
            result = grow_node(&sapling, 0, max_samples, 0, n_features);
    }
    free(sapling.columns);
    free(sapling.order);
    free(sapling.candidates);
    return result;
}
