/**
 * How good a trained model's pairs are. Read {@link PixelAgreement} first, the paper's figure (Liu
 * and Tuzel 2016, section 4); it means something only beside chance and blank, which {@link
 * CouplingReport} adds. {@link Evaluation} measures all that can be measured: a {@link
 * DomainReport} for each domain ({@link FrechetDistance}, {@link Manifold}, {@link Diversity},
 * {@link ClassHistogram}) and a {@link PairReport} for each pair. Images are compared by the {@link
 * Features} of a {@link FeatureExtractor}: for digits a {@link LeNet} that {@link LeNetTrainer}
 * trains on real images. Tests: {@code PixelAgreementTest}, {@code FeatureMetricsTest}; {@code
 * cogan evaluate} prints the figures of a model.
 */
package dev.cogan.engine.metric;
