/**
 * What the two teams play for: a number, and its gradient to the discriminators' logits. Read
 * {@link BceWithLogits} first, the paper's loss (Liu and Tuzel 2016, section 3, the value function
 * of the game) in two short methods. {@link AdversarialLoss} is what a training asks for: {@link
 * GanLoss} for discriminators with one logit, {@link ClassLoss} for the conditional GAN, over
 * {@link SoftmaxCrossEntropy}, with which classifiers are trained, too. {@link SquaredError} is for
 * trainings of your own: none here uses it. {@code LossGradientTest} compares the gradients with
 * differences, {@code LossGoldenTest} with libtorch.
 */
package dev.cogan.engine.loss;
