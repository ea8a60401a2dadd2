// SPDX-License-Identifier: Apache-2.0

package sdl

const (
	teeCPU    = "cpu"
	teeCPUGPU = "cpu-gpu"
	// teeAttribute is the placement attribute that asks for Akash providers with confidential computing.
	teeAttribute = "tee/type"
	remedyTEE    = "write tee: cpu or tee: cpu-gpu"
)

// tee is the kind of confidential computing the service asks for, or "".
func (s *service) tee() text {
	if s.params == nil {
		return text{}
	}
	return s.params.tee
}

// checkTEE checks the kind of one service and that its placement has no other. c is nil when the profile is not known.
func (r *reader) checkTEE(s *service, c *compute, others map[string]text, placement string) {
	kind := s.tee()
	if kind.value == "" {
		return
	}
	if kind.value != teeCPU && kind.value != teeCPUGPU {
		r.fail(kind.at, remedyTEE, "%q is no kind of confidential computing", clip(kind.value))
		return
	}
	if kind.value == teeCPUGPU && c != nil && c.gpus() == 0 && (c.gpu == nil || !c.gpu.bad) {
		r.fail(kind.at, "write tee: cpu, or add a GPU to the compute profile", "cpu-gpu needs a GPU")
	}
	if other, ok := others[placement]; ok && other.value != kind.value {
		r.fail(kind.at, "use one kind, or put the services in different placements",
			"placement %q already asks for %q", clip(placement), other.value)
		return
	}
	others[placement] = kind
}
