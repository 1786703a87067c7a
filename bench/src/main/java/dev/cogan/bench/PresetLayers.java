package dev.cogan.bench;

import dev.cogan.engine.model.CoupledDiscriminators;
import dev.cogan.engine.model.CoupledGenerators;
import dev.cogan.engine.model.CoupledModel;
import dev.cogan.engine.nn.Conv2d;
import dev.cogan.engine.nn.ConvTranspose2d;
import dev.cogan.engine.nn.Layer;
import dev.cogan.engine.nn.Memory;
import dev.cogan.engine.nn.Sequential;
import dev.cogan.engine.tensor.Shape;
import dev.cogan.engine.train.Preset;
import java.util.ArrayList;
import java.util.List;

/**
 * The convolutional layers of a preset's nets, read from its model, at the preset's batch. Names
 * are the preset and the number of the convolution: {@code faces64.g3} is the third one of a
 * generator. Where the second domain's has other sizes, it is there too: {@code rgbd64.g6-b}.
 */
final class PresetLayers {
  private PresetLayers() {}

  static List<ConvLayer> of(Preset preset) {
    CoupledModel model = CoupledModel.forTraining(preset.model(), Memory.counting());
    CoupledGenerators generators = model.generators();
    CoupledDiscriminators discriminators = model.discriminators();
    List<ConvLayer> all = new ArrayList<>();
    addTeam(
        all,
        convolutions(preset, "g", generators.trunk(), generators.head(0)),
        convolutions(preset, "g", generators.trunk(), generators.head(1)));
    addTeam(
        all,
        convolutions(preset, "d", discriminators.front(0), discriminators.tail()),
        convolutions(preset, "d", discriminators.front(1), discriminators.tail()));
    return all;
  }

  private static void addTeam(List<ConvLayer> all, List<ConvLayer> a, List<ConvLayer> b) {
    for (int i = 0; i < a.size(); i++) {
      all.add(a.get(i));
      if (!b.get(i).shape().equals(a.get(i).shape())) {
        all.add(new ConvLayer(b.get(i).name() + "-b", b.get(i).transposed(), b.get(i).shape()));
      }
    }
  }

  private static List<ConvLayer> convolutions(Preset preset, String team, Sequential... networks) {
    int batch = preset.training(0).batch();
    List<ConvLayer> list = new ArrayList<>();
    for (Sequential network : networks) {
      Shape in = network.inputShape();
      for (Layer layer : network.layers()) {
        String name = preset.label() + "." + team + (list.size() + 1);
        if (layer instanceof ConvTranspose2d up) {
          Shape w = up.weight().shape();
          list.add(
              ConvLayer.transposed(
                  name, batch, w.size(0), in.size(1), w.size(1), w.size(2), up.stride(), up.pad()));
        } else if (layer instanceof Conv2d down) {
          Shape w = down.weight().shape();
          list.add(
              ConvLayer.conv(
                  name,
                  batch,
                  w.size(1),
                  in.size(1),
                  w.size(0),
                  w.size(2),
                  down.stride(),
                  down.pad()));
        }
        in = layer.outputShape(in);
      }
    }
    return list;
  }
}
