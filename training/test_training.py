"""python -m unittest discover training"""

import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parent))

import average
import bert_data
import corpus
import gpt_data
import texts
from folders import save_folder
from gpt import Gpt2
from loop import Run, orthogonal, rate


def sentences_of(documents=40, per_document=30, seed=0):
    rng = np.random.default_rng(seed)
    lengths = rng.integers(4, 40, documents * per_document)
    return bert_data.Sentences(
        rng.integers(1000, 30000, lengths.sum()).astype(np.uint16),
        np.concatenate([[0], np.cumsum(lengths)]),
        np.arange(documents + 1) * per_document,
        np.zeros(documents, dtype=bool),
        np.array(["text"] * documents),
    )


class Texts(unittest.TestCase):
    def test_names_give_an_author_away(self):
        self.assertTrue(texts.nameless('"I do not know," said she. "But I do!"'))
        self.assertFalse(texts.nameless("Then Mowgli laughed."))

    def test_titles_end_no_sentence(self):
        self.assertEqual(texts.text_of([["Mr. Fogg went."], ["On.", "And on."]]), "Mr Fogg went.\n\n\nOn.\n\nAnd on.\n")

    def test_labels_take_turns(self):
        examples, tries = texts.mixed(texts.random.Random(1), {"a": list("123"), "b": list("456")}, 2)
        self.assertEqual([row["label"] for row in examples], ["a", "b", "a", "b"])
        self.assertEqual(len({*tries, *(row["text"] for row in examples)}), 6)


class Corpus(unittest.TestCase):
    def test_sentences(self):
        text = 'Mr. Smith came. "Who is it?" she asked. It was J. R. Brown!'
        self.assertEqual(corpus.sentences(text), ["Mr. Smith came.", '"Who is it?" she asked.', "It was J. R. Brown!"])

    def test_documents_end_at_blank_lines(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "a.txt").write_text("one\ntwo\n\n\nthree")
            self.assertEqual(corpus.read_documents(Path(folder) / "a.txt"), [["one", "two"], ["three"]])

    def test_a_folder_without_text_says_what_is_expected(self):
        with tempfile.TemporaryDirectory() as folder, self.assertRaisesRegex(SystemExit, "no .txt"):
            corpus.text_files(folder)


class BertBatches(unittest.TestCase):
    def setUp(self):
        self.make = lambda: bert_data.Batches(sentences_of(), 3, 1024, 30522, 64, (128, 4), hard=False)

    def test_a_batch_depends_on_seed_and_step_alone(self):
        first, again = self.make(), self.make()
        in_order = [first(step) for step in range(60)]
        for step in (0, 3, 31, 59):
            for key, value in again(step).items():
                np.testing.assert_array_equal(value, in_order[step][key])

    def test_short_examples_are_whole_sentences(self):
        data = sentences_of()
        batches = bert_data.Batches(data, 3, 1024, 30522, 64, (128, 0), (32, 2))
        self.assertEqual([batches.place(step) for step in range(4)], [(64, 0), (32, 0), (64, 1), (32, 1)])
        rows = np.concatenate([batches.rows(32, i) for i in range(8)])
        self.assertTrue((rows[:, 4] == bert_data.SINGLE).any() and (rows[:, 4] == 1).any() and (rows[:, 4] == 0).any())
        for row in rows:
            a, b, _ = bert_data.example(data, row)
            self.assertEqual(len(a), data.length(row[0]))
            self.assertLessEqual(len(a) + (1 + len(b) if b is not None else 0) + 2, 32)

    def test_repeated_facts_are_hidden_everywhere(self):
        data = sentences_of()
        data.ids[:] = np.resize([3000, 3001, 3002, 3003], len(data.ids))
        data.repeats[:] = True
        b = bert_data.Batches(data, 3, 1024, 30522, 64, hard=False)(0)
        for ids, positions, labels, weights in zip(b["input_ids"], b["positions"], b["labels"], b["weights"]):
            hidden = labels[(weights > 0) & (ids[positions] == bert_data.MASK)]
            shown = np.delete(ids, positions[weights > 0])
            self.assertFalse(np.isin(hidden, shown).any())

    def test_other_negatives_are_swapped_or_of_the_same_document(self):
        data, swapped, same, negatives = sentences_of(), 0, 0, 0
        for first_a, _, first_b, _, is_next in bert_data.cut_epoch(data, 1, 0, 64):
            if not is_next and first_a // 30 == first_b // 30:
                swapped += first_b < first_a
                same += 1
            negatives += not is_next
        self.assertTrue(0.15 < same / negatives < 0.45 and swapped > 0.3 * same, (same, swapped, negatives))

    def test_shares_of_the_paper(self):
        batches = self.make()
        chosen = masked = kept = tokens = negatives = examples = 0
        for step in range(200):
            b = batches(step)
            weights = b["weights"] > 0
            at = np.take_along_axis(b["input_ids"], b["positions"], 1)
            chosen += weights.sum()
            masked += (at[weights] == bert_data.MASK).sum()
            kept += (at[weights] == b["labels"][weights]).sum()
            self.assertFalse(np.isin(b["labels"][weights], [bert_data.CLS, bert_data.SEP, bert_data.PAD]).any())
            tokens += b["attention_mask"].sum() - 3 * len(at)
            negatives, examples = negatives + b["not_next"].sum(), examples + len(at)
        self.assertAlmostEqual(chosen / tokens, 0.15, delta=0.01)
        self.assertAlmostEqual(masked / chosen, 0.8, delta=0.02)
        self.assertAlmostEqual(kept / chosen, 0.1, delta=0.02)
        self.assertAlmostEqual(negatives / examples, 0.5, delta=0.05)


class GptBatches(unittest.TestCase):
    def test_only_the_summary_has_full_weight(self):
        # Two examples: end, three tokens of text, two of summary, end.
        examples = np.array([0, 1, 2, 3, 8, 9, 0, 0, 4, 5, 6, 8, 9, 0], dtype=np.uint16)
        data = gpt_data.Tokens(np.arange(100, dtype=np.uint16), examples, np.array([0, 7, 14]), np.array([4, 4]))
        ids, weights = gpt_data.Batches(data, 0, 1, 20, 1.0, 0.3, 0)(0)
        targets = ids[0, 1:]
        np.testing.assert_array_equal(weights[0][np.isin(targets, [8, 9])], 1)
        np.testing.assert_allclose(weights[0][np.isin(targets, [1, 2, 3, 4, 5, 6])], 0.3, atol=1e-6)

    def test_only_what_is_said_again_counts_in_copies(self):
        rng = np.random.default_rng(0)
        stream = rng.permutation(60000).astype(np.uint16)  # No token twice: each can be found where it was said first.
        data = gpt_data.Tokens(stream, np.zeros(0, np.uint16), np.array([0]), np.zeros(0, int))
        make = lambda: gpt_data.Batches(data, 5, 4, 200, 0.0, 0.3, 0, copy_share=0.5)
        ids, weights = make()(3)
        np.testing.assert_array_equal(ids, make()(3)[0])
        np.testing.assert_array_equal(weights[:2], 1)  # The other half are windows of the stream.
        for row, counted in zip(ids[2:], weights[2:]):
            where = np.flatnonzero(counted) + 1
            self.assertGreater(len(where), 20)
            for at in where:
                before = np.flatnonzero(row[: at - 1] == row[at - 1])
                self.assertTrue((row[before + 1] == row[at]).any())

    def test_the_gap_sentence_shares_most_words(self):
        parts = ["The old dog ran home quickly.", "It rained.", "The dog and the old cat ran to the home of the dog.", "A cat sat."]
        # By hand: 2 * 6 / (9 + 11) of the third against 2 * 5 / (6 + 13) of the first.
        self.assertEqual(gpt_data.gap_sentence(parts), 2)


class Loop(unittest.TestCase):
    def test_schedule(self):
        self.assertAlmostEqual(rate(0, 100, 10), 0.1)
        self.assertEqual(rate(30, 100, 10, decay_share=0.5), 1.0)
        self.assertAlmostEqual(rate(75, 100, 10, decay_share=0.5), 0.5)

    def test_orthogonal(self):
        torch.manual_seed(0)
        values = torch.linalg.svdvals(orthogonal(torch.randn(32, 64)).float())
        self.assertTrue(((values > 0.6) & (values < 1.3)).all())

    def test_orthogonal_of_several_is_that_of_each(self):
        torch.manual_seed(0)
        matrices = torch.randn(3, 24, 16)
        for one, of_all in zip(matrices, orthogonal(matrices)):
            torch.testing.assert_close(orthogonal(one), of_all)

    def test_a_stopped_run_goes_on_the_same(self):
        def train(folder, stops):
            torch.manual_seed(0)
            model = torch.nn.Linear(3, 1)
            optimizer = torch.optim.AdamW(model.parameters(), lr=0.1)
            for stop in stops:
                run = Run(folder, {"seed": 1})
                for step in range(run.load(model, [optimizer]), stop):
                    optimizer.zero_grad()
                    model(torch.from_numpy(np.random.default_rng(step).random((4, 3), dtype=np.float32))).sum().backward()
                    optimizer.step()
                run.save(stop, model, [optimizer])
                model = torch.nn.Linear(3, 1)
                optimizer = torch.optim.AdamW(model.parameters(), lr=0.1)
            Run(folder, {"seed": 1}).load(model, [optimizer])
            return model.weight.detach().numpy()

        with tempfile.TemporaryDirectory() as a, tempfile.TemporaryDirectory() as b:
            np.testing.assert_array_equal(train(a, [10]), train(b, [4, 10]))

    def test_other_settings_are_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            Run(folder, {"lr": 1})
            with self.assertRaisesRegex(SystemExit, "other settings"):
                Run(folder, {"lr": 2})


class Average(unittest.TestCase):
    CONFIG = {"model_type": "gpt2", "n_embd": 8, "n_head": 2, "n_layer": 1, "n_positions": 4, "vocab_size": 5, "n_inner": None,
              "layer_norm_epsilon": 1e-5, "initializer_range": 0.02}

    def folder(self, parent, name, seed, **changes):
        config = self.CONFIG | changes
        torch.manual_seed(seed)
        (Path(parent) / "tokenizer.json").write_text("{}")
        save_folder(Path(parent) / name, config, Path(parent) / "tokenizer.json", Gpt2(config).state_dict())
        return str(Path(parent) / name)

    def test_shares(self):
        with tempfile.TemporaryDirectory() as parent:
            a, b = self.folder(parent, "a", 1), self.folder(parent, "b", 2)
            weights = [average.average([(1.0, folder)])[2] for folder in (a, b)]
            _, _, mean = average.average([average.parse(a), average.parse(f"3*{b}")])
            for name, tensor in mean.items():
                torch.testing.assert_close(tensor, 0.25 * weights[0][name] + 0.75 * weights[1][name])

    def test_other_shapes_are_refused(self):
        with tempfile.TemporaryDirectory() as parent:
            a, b = self.folder(parent, "a", 1), self.folder(parent, "b", 1, n_embd=16)
            with self.assertRaisesRegex(SystemExit, "not the same architecture"):
                average.average([(1.0, a), (1.0, b)])


if __name__ == "__main__":
    unittest.main()
