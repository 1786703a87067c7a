/**
 * Layers with a forward and a backward by hand. Read {@link Linear} first, then {@link Layer}, the
 * rules that all keep: a layer has no state but its parameters, and what a call leaves behind is in
 * tensors and a {@link Cache}. {@link Sequential} runs layers one after the other, a {@link Pass}
 * holds the memory of such a run, and a {@link Workspace} what several passes have in common. All
 * parameters of a team are in one {@link ParameterStore}; an {@link Initializer} gives them their
 * first values. {@code LayerGradientTest} compares every backward with differences, {@code
 * AdjointTest} needs none for what is linear; {@code cogan gradcheck --layer conv} prints such a
 * check.
 */
package dev.cogan.engine.nn;
