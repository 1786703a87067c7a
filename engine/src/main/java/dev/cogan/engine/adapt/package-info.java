/**
 * Unsupervised domain adaptation with coupled discriminators (Liu and Tuzel 2016, section 5): a
 * classifier for images without labels, learnt from labelled images of another domain.
 */
package dev.cogan.engine.adapt;
