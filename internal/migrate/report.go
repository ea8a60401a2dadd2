// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Severity is what became of a part of the input.
type Severity string

const (
	// Mapped: it means the same on Akash.
	Mapped Severity = "mapped"
	// Changed: it works, and not as before; the reason says how.
	Changed Severity = "changed"
	// Dropped: it has no counterpart, and the rest runs without it.
	Dropped Severity = "dropped"
	// Blocker: the rest would not work, or would be less safe, without it. There is no SDL until somebody accepts that.
	Blocker Severity = "blocker"
)

// ErrNotAccepted says that a loss was accepted which is none, or which nothing can run without.
var ErrNotAccepted = errors.New("not a loss that can be accepted")

// Finding is what became of one part of the input. Reason and Remedy hold names and numbers of the input, and no values
// of variables.
type Finding struct {
	// Path is the part, with all below it: services.web.ports[0], in the notation of [sdl.SplitPath].
	Path     string
	Severity Severity
	// Reason is a sentence without a full stop; Remedy says what to do about it, and is empty for what needs nothing.
	Reason, Remedy string

	// beside marks a finding about what the input does not say; it stands for no part of it.
	beside bool
	// final marks a blocker that nobody can accept, since no SDL is valid with it.
	final bool
}

// Acceptable tells whether an SDL can do without what a blocker is about.
func (f Finding) Acceptable() bool { return f.Severity == Blocker && !f.final }

// Report says what became of every part of an input: each leaf of it is below the path of a finding. It is in the order
// of paths.
type Report struct {
	Findings []Finding
}

// Of returns the findings of a severity, in order; nil for none.
func (r Report) Of(severity Severity) []Finding {
	var of []Finding
	for _, f := range r.Findings {
		if f.Severity == severity {
			of = append(of, f)
		}
	}
	return of
}

// Score is how much of the input came over, from 0 to 100: what is mapped counts whole, what changed half, what is
// dropped or a blocker not at all. It is 100 only if everything is mapped, and 0 for an empty report.
func (r Report) Score() int {
	if len(r.Findings) == 0 {
		return 0
	}
	return (100*len(r.Of(Mapped)) + 50*len(r.Of(Changed))) / len(r.Findings)
}

// accept makes the blockers at these paths losses. Anything that is not a blocker, or one that cannot be accepted, is
// [ErrNotAccepted]: a typing mistake must not look like consent.
func (r *Report) accept(paths []string) error {
	for _, path := range paths {
		var found, final bool
		for i, f := range r.Findings {
			if f.Path == path && f.Severity == Blocker {
				found, final = true, final || f.final
				r.Findings[i].Severity = Dropped
			}
		}
		switch {
		case final:
			return fmt.Errorf("%s: %w: no SDL is valid without it", path, ErrNotAccepted)
		case !found:
			return fmt.Errorf("%s: %w: the report has no blocker of this path, which are %s", path, ErrNotAccepted,
				orNone(pathsOf(r.Of(Blocker))))
		}
	}
	return nil
}

func pathsOf(findings []Finding) []string {
	var paths []string
	for _, f := range findings {
		paths = append(paths, f.Path)
	}
	return paths
}

func orNone(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}

// add notes what became of a part of the input.
func (r *Report) add(severity Severity, path, reason, remedy string) {
	r.Findings = append(r.Findings, Finding{Path: path, Severity: severity, Reason: reason, Remedy: remedy})
}

// once adds a finding that the report does not have yet. It takes the place of one that says that the part is mapped.
func (r *Report) once(severity Severity, path, reason, remedy string) {
	f := Finding{Path: path, Severity: severity, Reason: reason, Remedy: remedy}
	if slices.Contains(r.Findings, f) {
		return
	}
	r.Findings = slices.DeleteFunc(r.Findings, func(old Finding) bool {
		return old.Path == path && old.Severity == Mapped
	})
	r.Findings = append(r.Findings, f)
}

// forget takes back what the report says about the parts of something.
func (r *Report) forget(path string) {
	r.Findings = slices.DeleteFunc(r.Findings, func(f Finding) bool { return strings.HasPrefix(f.Path, path+".") })
}

// missing notes what the input does not say and Akash has to know: path is where it would stand.
func (r *Report) missing(severity Severity, path, reason, remedy string) {
	r.Findings = append(r.Findings, Finding{Path: path, Severity: severity, Reason: reason, Remedy: remedy, beside: true})
}

// impossible notes a blocker that cannot be accepted.
func (r *Report) impossible(path, reason, remedy string) {
	r.Findings = append(r.Findings,
		Finding{Path: path, Severity: Blocker, Reason: reason, Remedy: remedy, beside: true, final: true})
}

// blocked tells whether a blocker is left.
func (r *Report) blocked() bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Severity == Blocker })
}
