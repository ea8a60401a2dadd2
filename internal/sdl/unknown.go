// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"slices"
	"strings"
)

// foreignKeys are keys people bring along from Docker Compose and Kubernetes, with what to do instead.
var foreignKeys = map[string]string{
	"depends_on":  "remove it; let the service retry until the other answers",
	"restart":     "remove it; Akash providers always restart a service that ends",
	"ports":       "write the ports below expose",
	"volumes":     "write storage in the compute profile and params: storage: in the service",
	"environment": "write NAME=value items below env",
	"entrypoint":  "write it below command",
	"healthcheck": "remove it; Akash has no health checks",
	"networks":    "remove it; services reach each other by name once exposed with to: service",
	"deploy":      "write resources in a compute profile and count below deployment",
	"replicas":    "write count below deployment",
	"labels":      "remove it",
	"secrets":     "remove it; pass secrets through env of the resource",
	"limits":      "write the resources without limits around them",
	"requests":    "write the resources without requests around them",
	"quantity":    "write size",
	"read_only":   "write readOnly",
	"readonly":    "write readOnly",
	"signed_by":   "write signedBy",
	"all_of":      "write allOf",
	"any_of":      "write anyOf",
}

// ignored warns about a key the network does not look at.
func (r *reader) ignored(at *site, key string, known []string) {
	if strings.HasPrefix(key, "x-") || key == "<<" {
		return
	}
	r.warn(at, remedyKey(key, known), "%s has no effect on Akash", clip(key))
}

// remedyKey says what to write in place of a key that is not known.
func remedyKey(key string, known []string) string {
	if remedy := foreignKeys[key]; remedy != "" {
		return remedy
	}
	best, distance := "", 3
	for _, k := range append(slices.Clone(known), sortedKeys(foreignKeys)...) {
		if d := editDistance(strings.ToLower(key), strings.ToLower(k), distance); d < distance && d*2 < len(k) {
			best, distance = k, d
		}
	}
	if remedy := foreignKeys[best]; remedy != "" && !slices.Contains(known, best) {
		return remedy
	}
	if best != "" {
		return "write " + best
	}
	return "remove it; known here: " + strings.Join(slices.Sorted(slices.Values(known)), ", ")
}

// editDistance counts the letters to change, add or drop between a and b; most is returned for anything above it.
func editDistance(a, b string, most int) int {
	if len(a) > len(b)+most || len(b) > len(a)+most {
		return most
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			above := row[j]
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(above+1, row[j-1]+1, diagonal+cost)
			diagonal = above
		}
	}
	return min(row[len(b)], most)
}
