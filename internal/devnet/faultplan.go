// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Targets of a [FaultSetting] beside names and addresses of Akash providers.
const (
	// OnEndpoints are the public endpoints.
	OnEndpoints = ""
	// OnAll are all Akash providers.
	OnAll = "*"
	// OnAny is one Akash provider, which the seed picks; another word may pick another one.
	OnAny = "any"
)

const seedWord = "seed"

// ErrFaultPlan is wrapped by every error about the words of a [FaultPlan].
var ErrFaultPlan = errors.New("fault plan")

// FaultSetting is one fault of a plan.
type FaultSetting struct {
	// On is [OnEndpoints], [OnAll], [OnAny], or an Akash provider by name or address.
	On string `json:"on,omitempty"`
	// Fault is a name of [FaultNames].
	Fault string `json:"fault"`
	// Value is what the fault wants to know, as [FaultDoc.Value] says.
	Value string `json:"value,omitempty"`
}

// String is the setting as one word.
func (s FaultSetting) String() string {
	word := s.Fault
	if s.On != OnEndpoints {
		word = s.On + "." + word
	}
	if s.Value != "" {
		word += "=" + s.Value
	}
	return word
}

// FaultPlan is a set of faults as data: what [ParseFaults] reads and [Network.ApplyFaults] puts in force. The zero
// value has none. It has a text form (String) and a JSON form, {"seed":7,"faults":[{"on":"amber","fault":"dead"}]};
// reading JSON takes the text form in quotes too. It is a value: whoever changes Settings owns them.
type FaultPlan struct {
	// Seed decides what a share such as "1/20" hits and whom [OnAny] means; 0 leaves it to the network.
	Seed uint64
	// Settings hold each fault once a target. One for a named Akash provider beats one for any, which beats one for all.
	Settings []FaultSetting
}

// ParseFaults reads a plan: words separated by commas or space, each "fault", "fault=value",
// "akash-provider.fault=value", "*.fault=value" (every Akash provider), "any.fault=value" (one that the seed picks) or
// "seed=number". [FaultNames] lists the faults. Example:
// "lose-broadcast=1/20,lag-blocks=2,birch.never-bid,*.refuse-manifests=1".
//
// The error tells of every word that is wrong, and what is allowed there; it wraps [ErrFaultPlan]. Whether the
// named Akash providers exist is for [Network.ApplyFaults] to say.
func ParseFaults(text string) (FaultPlan, error) {
	var (
		plan   FaultPlan
		errs   []error
		seeded bool
	)
	for _, word := range strings.FieldsFunc(text, isSeparator) {
		left, value, hasValue := strings.Cut(word, "=")
		if left == seedWord {
			seed, err := strconv.ParseUint(value, 10, 64)
			switch {
			case err != nil:
				errs = append(errs, wordError(word, errors.New("a seed is a whole number that is not negative")))
			case seeded:
				errs = append(errs, wordError(word, errors.New("there is a seed already")))
			}
			plan.Seed, seeded = seed, true
			continue
		}
		setting := FaultSetting{Fault: left, Value: value}
		if dot := strings.LastIndexByte(left, '.'); dot >= 0 {
			setting.On, setting.Fault = left[:dot], left[dot+1:]
			if setting.On == "" {
				errs = append(errs, wordError(word, errors.New("the Akash provider before the dot has no name")))
				continue
			}
		}
		if hasValue && value == "" {
			errs = append(errs, wordError(word, errors.New("nothing follows the =")))
			continue
		}
		plan.Settings = append(plan.Settings, setting)
	}
	plan, err := plan.normal()
	if errs = append(errs, err); errors.Join(errs...) != nil {
		return FaultPlan{}, errors.Join(errs...)
	}
	return plan, nil
}

func isSeparator(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' || r == '\r' }

func wordError(word string, err error) error {
	return fmt.Errorf("%w: %s: %w", ErrFaultPlan, strconv.Quote(word), err)
}

// String is the text form: the settings in their order, then the seed.
func (p FaultPlan) String() string {
	words := make([]string, 0, len(p.Settings)+1)
	for _, s := range p.Settings {
		words = append(words, s.String())
	}
	if p.Seed != 0 {
		words = append(words, seedWord+"="+strconv.FormatUint(p.Seed, 10))
	}
	return strings.Join(words, ",")
}

// Validate tells of everything that is wrong in a plan made by hand; errors are those of [ParseFaults].
func (p FaultPlan) Validate() error {
	_, err := p.normal()
	return err
}

// normal is the plan with its values in their plainest form.
func (p FaultPlan) normal() (FaultPlan, error) {
	out := FaultPlan{Seed: p.Seed}
	var errs []error
	seen := map[[2]string]bool{}
	for _, s := range p.Settings {
		word, err := findFault(s.On, s.Fault)
		if err == nil {
			err = checkTarget(s.On)
		}
		var plain string
		if err == nil {
			plain, err = word.value.normal(s.Value)
		}
		key := [2]string{s.On, s.Fault}
		if err == nil && seen[key] {
			err = errors.New("it is there twice")
		}
		if err != nil {
			errs = append(errs, wordError(s.String(), err))
			continue
		}
		seen[key], s.Value = true, plain
		out.Settings = append(out.Settings, s)
	}
	if err := errors.Join(errs...); err != nil {
		return FaultPlan{}, err
	}
	return out, nil
}

// checkTarget keeps a plan's text readable: the target must not look like two words.
func checkTarget(on string) error {
	odd := func(r rune) bool {
		return strings.ContainsRune(`,="`, r) || unicode.IsSpace(r) || !unicode.IsGraphic(r)
	}
	if !utf8.ValidString(on) || strings.ContainsFunc(on, odd) {
		return errors.New("the name of an Akash provider has no space, comma, = or quote")
	}
	return nil
}

// With is the plan with one more setting, in place of one for the same target and fault.
func (p FaultPlan) With(setting FaultSetting) FaultPlan {
	out := p.Without(setting.On, setting.Fault)
	out.Settings = append(out.Settings, setting)
	return out
}

// Without is the plan less one fault of a target.
func (p FaultPlan) Without(on, fault string) FaultPlan {
	return FaultPlan{Seed: p.Seed, Settings: slices.DeleteFunc(slices.Clone(p.Settings), func(s FaultSetting) bool {
		return s.On == on && s.Fault == fault
	})}
}

// planJSON is the wire form of a plan.
type planJSON struct {
	Seed   uint64         `json:"seed,omitempty"`
	Faults []FaultSetting `json:"faults"`
}

// MarshalJSON writes the JSON form.
func (p FaultPlan) MarshalJSON() ([]byte, error) {
	out := planJSON{Seed: p.Seed, Faults: p.Settings}
	if out.Faults == nil {
		out.Faults = []FaultSetting{}
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads the JSON form, or the text form as a JSON string; errors are those of [ParseFaults].
func (p *FaultPlan) UnmarshalJSON(from []byte) error {
	var text string
	if json.Unmarshal(from, &text) == nil {
		plan, err := ParseFaults(text)
		if err == nil {
			*p = plan
		}
		return err
	}
	var in planJSON
	if err := json.Unmarshal(from, &in); err != nil {
		return fmt.Errorf("%w: %w", ErrFaultPlan, err)
	}
	plan, err := FaultPlan{Seed: in.Seed, Settings: in.Faults}.normal()
	if err == nil {
		*p = plan
	}
	return err
}
