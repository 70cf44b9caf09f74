/* From stored trees (preorder, any shape) to laid-out trees (complete heaps of one depth). */
#include "forest.h"

#include <math.h>

typedef struct {
    const int32_t *stored_feature;
    const float *stored_threshold;
    const int32_t *leaf_size;
    int64_t n_nodes, n_inner, n_leaves;
    int64_t node, inner, leaf_number;
    const uint32_t *correction;
    int32_t max_size, n_features;
    int depth;
    int32_t *feature;
    float *threshold;
    uint32_t *leaf;
} Layout;

/* Fill the whole subtree below a shallow leaf: whichever way a row turns there, it ends with the same path length. */
static void fill_below(Layout *layout, uint32_t slot, int level, uint32_t path_length)
{
    uint32_t first = slot, n = 1;
    for (; level < layout->depth; level++, first *= 2, n *= 2)
        for (uint32_t i = first; i < first + n; i++) {
            layout->feature[i] = 0;
            layout->threshold[i] = INFINITY;
        }
    uint32_t n_slots = UINT32_C(1) << layout->depth;
    for (uint32_t i = first; i < first + n; i++)
        layout->leaf[i - n_slots] = path_length;
}

static int lay_out_node(Layout *layout, uint32_t slot, int level)
{
    if (layout->node >= layout->n_nodes)
        return 0;
    int32_t feature = layout->stored_feature[layout->node++];
    if (feature < 0) {
        if (layout->leaf_number >= layout->n_leaves)
            return 0;
        int32_t size = layout->leaf_size[layout->leaf_number++];
        if (size < 1 || size > layout->max_size)
            return 0;
        uint32_t path_length = ((uint32_t)level << PATH_LENGTH_FRACTION_BITS) + layout->correction[size];
        fill_below(layout, slot, level, path_length);
        return 1;
    }
    if (feature >= layout->n_features || level >= layout->depth || layout->inner >= layout->n_inner)
        return 0;
    layout->feature[slot] = feature;
    layout->threshold[slot] = layout->stored_threshold[layout->inner++];
    return lay_out_node(layout, 2 * slot, level + 1) && lay_out_node(layout, 2 * slot + 1, level + 1);
}

int lay_out_tree(const int32_t *stored_feature, int64_t n_nodes, const float *stored_threshold, int64_t n_inner,
                 const int32_t *leaf_size, int64_t n_leaves, const uint32_t *correction, int32_t max_size,
                 int32_t n_features, int depth, int32_t *feature, float *threshold, uint32_t *leaf)
{
    Layout layout = {.stored_feature = stored_feature, .stored_threshold = stored_threshold, .leaf_size = leaf_size,
                     .n_nodes = n_nodes, .n_inner = n_inner, .n_leaves = n_leaves, .correction = correction,
                     .max_size = max_size, .n_features = n_features, .depth = depth,
                     .feature = feature, .threshold = threshold, .leaf = leaf};
    feature[0] = 0;
    threshold[0] = INFINITY;
    return lay_out_node(&layout, 1, 0) && layout.node == n_nodes && layout.inner == n_inner
           && layout.leaf_number == n_leaves;
}
