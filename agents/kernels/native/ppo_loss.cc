#include "ppo_loss.h"

#include <cmath>

namespace rim_agents {
namespace {

// A term of the loss and its derivative.
struct Term {
  double value, derivative;
};

// NaN stays NaN.
double clamp(double x, double low, double high) { return x < low ? low : x > high ? high : x; }

// log softmax of A logits; exact for large ones.
void logSoftmax(int actions, const float* logits, double* out) {
  double most = logits[0], total = 0;
  for (int a = 1; a < actions; a++) most = logits[a] > most ? logits[a] : most;
  for (int a = 0; a < actions; a++) total += std::exp(logits[a] - most);
  for (int a = 0; a < actions; a++) out[a] = logits[a] - most - std::log(total);
}

// -min(ratio A, clipped ratio A), with respect to the log-probability: where the clipped one is less, nothing is left
// to gain, and the gradient is 0.
Term policyTerm(double ratio, double advantage, double clip) {
  const double plain = ratio * advantage, clipped = clamp(ratio, 1 - clip, 1 + clip) * advantage;
  return plain > clipped ? Term{-clipped, 0} : Term{-plain, -plain};
}

// Half the squared error, or that of the value clipped to a range about the old one if it is larger.
Term valueTerm(double value, double oldValue, double target, const PpoLossSettings& settings) {
  const double error = value - target;
  if (!settings.clipValue) return {0.5 * error * error, error};
  const double change = value - oldValue, kept = clamp(change, -settings.clip, settings.clip);
  const double clippedError = oldValue + kept - target;
  if (!(clippedError * clippedError <= error * error))  // NaN stays
    return {0.5 * clippedError * clippedError, kept == change ? clippedError : 0};
  return {0.5 * error * error, error};
}

double entropyOf(int actions, const double* logProbabilities) {
  double entropy = 0;
  for (int a = 0; a < actions; a++) entropy -= std::exp(logProbabilities[a]) * logProbabilities[a];
  return entropy;
}

}  // namespace

void ppoLoss(int64_t samples, int actions, const PpoLossSettings& settings, const PpoLossInputs& in,
             const PpoLossOutputs& out, double* logProbabilities) {
  const double share = 1.0 / samples, clip = settings.clip;
  double policyLoss = 0, valueLoss = 0, entropySum = 0, kl = 0, clippedCount = 0;
  for (int64_t i = 0; i < samples; i++) {
    logSoftmax(actions, in.logits + i * actions, logProbabilities);
    const double logRatio = logProbabilities[in.actions[i]] - in.oldLogProbabilities[i], ratio = std::exp(logRatio);
    const Term policy = policyTerm(ratio, in.advantages[i], clip);
    const Term value = valueTerm(in.values[i], in.oldValues[i], in.returns[i], settings);
    const double entropy = entropyOf(actions, logProbabilities);
    policyLoss += policy.value;
    valueLoss += value.value;
    entropySum += entropy;
    kl += ratio - 1 - logRatio;
    clippedCount += std::abs(ratio - 1) > clip;

    out.dValues[i] = static_cast<float>(share * settings.valueCoefficient * value.derivative);
    for (int a = 0; a < actions; a++) {
      const double probability = std::exp(logProbabilities[a]), isChosen = a == in.actions[i];
      const double fromPolicy = policy.derivative * (isChosen - probability);
      const double fromEntropy = settings.entropyCoefficient * probability * (logProbabilities[a] + entropy);
      out.dLogits[i * actions + a] = static_cast<float>(share * (fromPolicy + fromEntropy));
    }
  }
  const double sums[] = {policyLoss, valueLoss, entropySum, kl, clippedCount};
  for (int s = 0; s < 5; s++) out.statistics[s] = static_cast<float>(share * sums[s]);
  *out.loss = static_cast<float>(
      share * (policyLoss + settings.valueCoefficient * valueLoss - settings.entropyCoefficient * entropySum));
}

}  // namespace rim_agents
