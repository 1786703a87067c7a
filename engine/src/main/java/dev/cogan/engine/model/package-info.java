/**
 * Coupled networks (Liu and Tuzel 2016, section 3). Read {@link CoupledGenerators} first: the first
 * rows exist once, for all domains, so the weights are shared by construction; {@link
 * CoupledDiscriminators} share their last rows. An {@link Architecture} of {@link Families} gives
 * the rows as {@link Block}s, and a {@link ModelConfig} says how wide they are and how many are
 * shared; {@link CoupledModel} builds both teams from it. The passes hold the memory of a run,
 * {@link GradientPenalty} is the penalty R1. {@link ParameterTable} shows what is shared, as {@code
 * cogan train} prints it; {@code SharingTest} asserts it.
 */
package dev.cogan.engine.model;
