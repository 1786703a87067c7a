/**
 * The training. Read {@link Trainer} first, the whole step; {@code Game} beside it has the losses
 * of the two teams and their gradients (Liu and Tuzel 2016, section 3, the constrained minimax
 * game). {@link TrainOptions} are the settings, {@link Remedies} those of them that go beyond the
 * paper, and a {@link Preset} is a complete set with its model. A {@link Checkpoint} holds all that
 * a training needs to go on with the same bits, a {@link ModelFile} the generators alone; a {@link
 * Sampler} draws pairs. {@code CoupledGoldenTests} compares whole steps with libtorch, {@code
 * TrainerGradientTest} their gradients with differences, {@code ResumeTest} stops and goes on;
 * {@code cogan gradcheck} runs {@link StepCheck}.
 */
package dev.cogan.engine.train;
