// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// version is the rule set of a document.
type version struct {
	text string
	// merges tells 2.1 from 2.0: services of a placement that share a compute
	// profile share one resource unit, credentials are trimmed and keep the
	// e-mail, and a volume's attributes are checked one by one.
	merges bool
}

const remedyVersion = `write version: "2.0" or version: "2.1"`

var errVersion = errors.New("not a version number")

// version finds the version among the nodes of the document. Quirk: the
// official parser takes the node after the first one that reads "version", key
// or value, and the anchor's name when that node is an alias.
func (r *reader) version(root *yaml.Node, at *site) (version, bool) {
	for i, n := range root.Content {
		if n.Value != "version" {
			continue
		}
		if i+1 >= len(root.Content) {
			break
		}
		value := root.Content[i+1]
		here := at.field("version", n, value)
		v, err := parseVersion(value.Value)
		if err != nil {
			remedy := remedyVersion
			if value.Kind == yaml.AliasNode {
				remedy += "; an alias is not followed here"
			}
			r.fail(here, remedy, "%q is not a version", clip(value.Value))
			return version{}, false
		}
		switch {
		case v.compare(semver{major: 2}) == 0:
			return version{text: "2.0"}, true
		case v.compare(semver{major: 2, minor: 1}) >= 0:
			return version{text: "2.1", merges: true}, true
		}
		r.fail(here, remedyVersion, "version %s is not supported", clip(value.Value))
		return version{}, false
	}
	r.fail(at.missing("version"), "begin the document with "+remedyVersion[len("write "):], "the document has no version")
	return version{}, false
}

// semver is a semantic version without its build metadata.
type semver struct {
	major, minor, patch uint64
	pre                 []string
}

var (
	preRelease = regexp.MustCompile(`^(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)$`)
	buildInfo  = regexp.MustCompile(`^[0-9a-zA-Z-]+$`)
	digits     = regexp.MustCompile(`^[0-9]+$`)
)

// parseVersion reads a semantic version tolerantly: blanks around it, a leading
// v, leading zeros and missing numbers ("2", "2.0") are fine.
func parseVersion(s string) (semver, error) {
	s = strings.TrimPrefix(strings.TrimSpace(s), "v")
	parts := strings.SplitN(s, ".", 3)
	if len(parts) < 3 && strings.ContainsAny(parts[len(parts)-1], "+-") {
		return semver{}, errVersion
	}
	for len(parts) < 3 {
		parts = append(parts, "0")
	}
	var v semver
	rest, build, hasBuild := strings.Cut(parts[2], "+")
	patch, pre, hasPre := strings.Cut(rest, "-")
	for i, into := range []*uint64{&v.major, &v.minor, &v.patch} {
		part := parts[i]
		if i == 2 {
			part = patch
		}
		if !digits.MatchString(part) {
			return semver{}, errVersion
		}
		n, err := strconv.ParseUint(part, 10, 64)
		if err != nil {
			return semver{}, errVersion
		}
		*into = n
	}
	if hasPre {
		v.pre = strings.Split(pre, ".")
		for _, p := range v.pre {
			if !preRelease.MatchString(p) {
				return semver{}, errVersion
			}
			if digits.MatchString(p) {
				if _, err := strconv.ParseUint(p, 10, 64); err != nil {
					return semver{}, errVersion
				}
			}
		}
	}
	if hasBuild {
		for _, b := range strings.Split(build, ".") {
			if !buildInfo.MatchString(b) {
				return semver{}, errVersion
			}
		}
	}
	return v, nil
}

// compare orders versions by number; one with a pre-release part comes before
// the same number without. That is as far as the rules above need it.
func (v semver) compare(o semver) int {
	for _, pair := range [][2]uint64{{v.major, o.major}, {v.minor, o.minor}, {v.patch, o.patch}} {
		if pair[0] != pair[1] {
			if pair[0] < pair[1] {
				return -1
			}
			return 1
		}
	}
	return min(len(o.pre), 1) - min(len(v.pre), 1)
}
