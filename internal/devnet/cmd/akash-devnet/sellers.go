// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"
	"strconv"
	"strings"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
)

const (
	// maxSellers is what a devnet takes.
	maxSellers = 1000
	maxGPUs    = 1024
	// Each Akash provider asks so many percent more for a GPU than the one before it, the fourth as much as the first,
	// so that an auction has a winner.
	gpuPriceStep, gpuPriceSteps = 12, 3
)

// sellers makes the Akash providers of --providers with the machines of --gpus.
func sellers(providers, gpus string, seed uint64) ([]akashprovider.Spec, error) {
	specs, err := chosenSellers(providers, seed)
	if err != nil {
		return nil, err
	}
	for word := range strings.SplitSeq(gpus, ",") {
		if word = strings.TrimSpace(word); word == "" {
			continue
		}
		if err := addGPUs(specs, word); err != nil {
			return nil, err
		}
	}
	return specs, nil
}

// chosenSellers takes a number, or names of the default and of generated Akash providers.
func chosenSellers(providers string, seed uint64) ([]akashprovider.Spec, error) {
	defaults := akashprovider.DefaultSpecs()
	if count, err := strconv.Atoi(providers); err == nil {
		if count < 0 || count > maxSellers {
			return nil, misuse("--providers %d: from 0 to %d", count, maxSellers)
		}
		if count <= len(defaults) {
			return defaults[:count:count], nil
		}
		return append(defaults, akashprovider.GenerateSpecs(count-len(defaults), seed)...), nil
	}
	known := append(defaults, akashprovider.GenerateSpecs(maxSellers-len(defaults), seed)...)
	var specs []akashprovider.Spec
	for name := range strings.SplitSeq(providers, ",") {
		name = strings.TrimSpace(name)
		at := slices.IndexFunc(known, func(s akashprovider.Spec) bool { return s.Name == name })
		switch {
		case at < 0:
			const some = 12
			var names []string
			for _, s := range known[:some] {
				names = append(names, s.Name)
			}
			return nil, misuse("--providers: nobody is named %q; there are %s and many other trees", name,
				strings.Join(names, ", "))
		case slices.ContainsFunc(specs, func(s akashprovider.Spec) bool { return s.Name == name }):
			return nil, misuse("--providers: %s is there twice", name)
		}
		specs = append(specs, known[at])
	}
	return specs, nil
}

// addGPUs reads "h100:8" or "cedar.h100:8" and gives them to whom it names, or to all.
func addGPUs(specs []akashprovider.Spec, word string) error {
	what, number, ok := strings.Cut(word, ":")
	units, err := strconv.ParseUint(number, 10, 64)
	if !ok || err != nil || units == 0 || units > maxGPUs {
		return misuse("--gpus: %q is not like h100:8, a model and how many, from 1 to %d", word, maxGPUs)
	}
	owner, model, named := strings.Cut(what, ".")
	if !named {
		owner, model = "", what
	}
	found := false
	for i := range specs {
		if named && specs[i].Name != owner {
			continue
		}
		with, known := specs[i].WithGPUs(model, units, 100+int64(i%gpuPriceSteps*gpuPriceStep))
		if !known {
			return misuse("--gpus: no model %q is known here; there are %s", model,
				strings.Join(akashprovider.GPUModels(), ", "))
		}
		specs[i], found = with, true
	}
	if !found && !named {
		return misuse("--gpus: there is no Akash provider to give them to")
	}
	if !found {
		return misuse("--gpus: no Akash provider is named %q", owner)
	}
	return nil
}
