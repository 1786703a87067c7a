/**
 * The optimiser. Read {@link Adam}: one loop over a team's one array of parameters; the formula is
 * in {@link dev.cogan.engine.kernel.Kernels#adam}. {@link AdamOptions} has the settings, those of
 * the paper among them, and the four ways of weight decay. {@code AdamTest} compares it with
 * libtorch.
 */
package dev.cogan.engine.optim;
