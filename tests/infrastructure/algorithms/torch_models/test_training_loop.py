"""The loop on the smallest problem there is: a line through points."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from pynomaly.domain.errors import InvalidData
from pynomaly.infrastructure.algorithms.torch_models.plan import Trained, TrainingPlan
from pynomaly.infrastructure.algorithms.torch_models.trainable import generator, new_network, resolved
from pynomaly.infrastructure.algorithms.torch_models.training_loop import train

CPU = torch.device("cpu")
PLAN = TrainingPlan(epochs=60, batch_rows=32, learning_rate=0.05, weight_decay=0.0)
INPUTS = torch.linspace(-1, 1, 200)[:, None]
TARGETS = 3 * INPUTS - 1


def line():
    return new_network((1, 1), draws=generator(0), device=CPU)


def value(tensors):
    return tensors[0].detach().item()


def misfit(network):
    return lambda batch, _: (network(batch[0]) - batch[1]).square().sum(dim=1)


def trained(plan=PLAN, *, seed=1, targets=TARGETS, **more):
    network = line()
    train(network.parameters, misfit(network), (INPUTS, targets), plan, seed=seed, **more)
    return network


@pytest.mark.parametrize("schedule", ["cosine", "plateau"])
def test_it_finds_the_line(schedule):
    network = trained(replace(PLAN, schedule=schedule))
    np.testing.assert_allclose(value(network.weights), 3.0, atol=1e-2)
    np.testing.assert_allclose(value(network.biases), -1.0, atol=1e-2)


def test_the_same_seed_gives_the_same_weights_and_another_one_others():
    first, again, other = trained(seed=5), trained(seed=5), trained(seed=6)
    assert torch.equal(first.weights[0], again.weights[0])
    assert not torch.equal(first.weights[0], other.weights[0])


def test_the_random_state_and_the_threads_of_the_process_stay_as_they_were():
    torch.manual_seed(3)
    before, n_threads, numbers = torch.get_rng_state(), torch.get_num_threads(), np.random.get_state()[1]  # noqa: NPY002
    trained()
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.get_num_threads() == n_threads
    assert np.array_equal(np.random.get_state()[1], numbers)  # noqa: NPY002


def test_trimmed_batches_learn_from_the_rows_that_fit():
    targets = TARGETS.clone()
    targets[::5] += 20
    plain, trimmed = trained(targets=targets), trained(replace(PLAN, core_share=0.7), targets=targets)
    assert value(trimmed.biases) < 0
    assert value(plain.biases) > 2


def test_it_stops_when_the_held_out_loss_no_longer_falls_and_keeps_the_best_weights():
    heard = []
    network = line()
    best = [weights.detach().clone() for weights in network.parameters]
    epoch = {"number": 0}

    def worse_and_worse(batch, _):
        if not torch.is_grad_enabled():
            epoch["number"] += 1
            if epoch["number"] == 1:
                best[:] = [weights.detach().clone() for weights in network.parameters]
            return torch.full((len(batch[0]),), float(epoch["number"]))
        return misfit(network)(batch, _)

    plan = replace(PLAN, patience=3)
    rows = (INPUTS, TARGETS)
    train(network.parameters, worse_and_worse, rows, plan, seed=1, progress=lambda *told: heard.append(told))
    assert len(heard) == 5
    assert all(torch.equal(now, kept) for now, kept in zip(network.parameters, best, strict=True))


def test_held_out_rows_are_never_learned_from():
    learned, held_out = set(), set()
    network = line()

    def losses(batch, _):
        (learned if torch.is_grad_enabled() else held_out).update(batch[0].flatten().tolist())
        return misfit(network)(batch, _)

    train(network.parameters, losses, (INPUTS, TARGETS), replace(PLAN, epochs=3), seed=1)
    assert (len(learned), len(held_out)) == (180, 20)
    assert not learned & held_out


def test_every_epoch_is_held_against_the_same_noise():
    drawn = []
    network = line()

    def losses(batch, noise):
        number = torch.rand((), generator=noise)
        if not torch.is_grad_enabled():
            drawn.append(float(number))
        return misfit(network)(batch, noise)

    train(network.parameters, losses, (INPUTS, TARGETS), replace(PLAN, epochs=3), seed=1)
    assert len(drawn) == 3
    assert len(set(drawn)) == 1


def test_few_rows_are_all_learned_from():
    seen = set()
    network = line()

    def losses(batch, _):
        assert torch.is_grad_enabled()
        seen.update(batch[0].flatten().tolist())
        return misfit(network)(batch, _)

    train(network.parameters, losses, (INPUTS[:20], TARGETS[:20]), replace(PLAN, epochs=2), seed=1)
    assert len(seen) == 20


def test_progress_is_told_before_every_epoch():
    heard = []
    trained(replace(PLAN, epochs=4), progress=lambda stage, share: heard.append((stage, share)))
    assert heard == [("fitting", 0.0), ("fitting", 0.25), ("fitting", 0.5), ("fitting", 0.75)]


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_who_listens_can_end_it_and_the_threads_are_put_back(error):
    n_threads = torch.get_num_threads()

    def enough(stage, share):
        if share > 0.5:
            raise error

    with pytest.raises(error):
        trained(progress=enough)
    assert torch.get_num_threads() == n_threads


def test_weights_that_grow_without_bound_are_refused():
    with pytest.raises(InvalidData, match="smaller learning_rate"):
        trained(replace(PLAN, learning_rate=1e9, held_out_share=0.0, epochs=5))


def test_the_device_is_the_processor_unless_there_is_cuda():
    assert resolved("cpu") == CPU
    assert resolved("auto").type == ("cuda" if torch.cuda.is_available() else "cpu")


@pytest.mark.skipif(torch.cuda.is_available(), reason="this asks what happens without CUDA")
def test_demanding_cuda_where_it_is_not_says_what_to_choose():
    with pytest.raises(InvalidData, match="auto or cpu"):
        resolved("cuda")


def test_several_trainings_are_told_as_one():
    heard = []
    detector = Trained().telling(lambda stage, share: heard.append(share))
    detector.part(0, 2).progress("fitting", 0.5)
    detector.part(1, 2).progress("fitting", 0.5)
    assert heard == [0.25, 0.75]


def test_a_plan_follows_the_table_unless_it_is_told():
    plan = Trained().plan(5000)
    assert (plan.epochs, plan.batch_rows) == (100, 512)
    plan = Trained(epochs=7, batch_size=64).plan(5000, epochs_share=0.1)
    assert (plan.epochs, plan.batch_rows) == (7, 64)
