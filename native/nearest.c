/* The nearest rows met so far: few are kept in order, many are collected and thinned out now and then. */
#include <math.h>

#include "neighbours.h"

#define FEW 64 /* up to here, moving a few pairs along costs less than thinning out */

int64_t room_for(int64_t n_wanted)
{
    return n_wanted <= FEW ? n_wanted : 2 * n_wanted;
}

static void take_in_order(Nearest *nearest, Pair met)
{
    Pair *pairs = nearest->pairs;
    int64_t place = nearest->n < nearest->n_wanted ? nearest->n++ : nearest->n_wanted - 1;
    for (; place > 0 && is_less(met, pairs[place - 1]); place--)
        pairs[place] = pairs[place - 1];
    pairs[place] = met;
    if (nearest->n == nearest->n_wanted)
        nearest->limit = pairs[nearest->n - 1].key;
}

void take(Nearest *nearest, double square, int64_t row)
{
    if (!(square <= nearest->limit) || row < 0 || row == nearest->excluded)
        return;
    Pair met = {square, row};
    if (nearest->n_wanted <= FEW) {
        if (nearest->n < nearest->n_wanted || is_less(met, nearest->pairs[nearest->n - 1]))
            take_in_order(nearest, met);
        return;
    }
    nearest->pairs[nearest->n++] = met;
    if (nearest->n == 2 * nearest->n_wanted) {
        select_pairs(nearest->pairs, nearest->n, nearest->n_wanted);
        nearest->n = nearest->n_wanted;
        nearest->limit = nearest->pairs[nearest->n - 1].key;
    }
}

void give(Nearest *nearest, double *squares, int32_t *neighbours)
{
    if (nearest->n > nearest->n_wanted)
        select_pairs(nearest->pairs, nearest->n, nearest->n_wanted);
    if (nearest->n_wanted > FEW)
        sort_pairs(nearest->pairs, nearest->n_wanted);
    for (int64_t i = 0; i < nearest->n_wanted; i++) {
        squares[i] = nearest->pairs[i].key;
        neighbours[i] = (int32_t)nearest->pairs[i].row;
    }
}
