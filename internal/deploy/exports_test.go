// SPDX-License-Identifier: Apache-2.0

package deploy

// WithoutSecrets is tested from outside.
var WithoutSecrets = withoutSecrets

// RefreshTime is how old what a refresh says may be.
const RefreshTime = refreshTime

// Fail is what becomes of an error.
var Fail = (*Deployer).fail

// NewMask hides the values of a manifest.
var NewMask = newMask

// Text hides them in a text.
func (m mask) Text(text string) string { return m.text(text) }

// WindowOf is how long an order's bids are waited for.
var WindowOf = (*Deployer).windowOf

// ExplainRefusal is what becomes of a manifest's refusal.
func ExplainRefusal(cause error) *Failure {
	f := &Failure{}
	(&Deployer{}).explain(f, &leaseRun{}, &refusalError{cause: withoutSecrets(cause, nil)})
	return f
}
