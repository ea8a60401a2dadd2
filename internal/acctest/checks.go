// SPDX-License-Identifier: Apache-2.0

package acctest

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
)

// Look runs a look at the chain where Terraform's state would be checked.
func Look(look func()) resource.TestCheckFunc {
	return func(*terraform.State) error {
		look()
		return nil
	}
}

// Keep copies an attribute of a resource in state, for looks and later steps.
func Keep(address, attribute string, into *string) resource.TestCheckFunc {
	return func(s *terraform.State) error {
		found, err := attributeOf(s, address, attribute)
		*into = found
		return err
	}
}

// Same wants an attribute to have the value kept earlier.
func Same(address, attribute string, kept *string) resource.TestCheckFunc {
	return func(s *terraform.State) error {
		found, err := attributeOf(s, address, attribute)
		if err == nil && found != *kept {
			err = fmt.Errorf("%s.%s is %q, was %q", address, attribute, found, *kept)
		}
		return err
	}
}

// Differs wants an attribute to have another value than the one kept earlier.
func Differs(address, attribute string, kept *string) resource.TestCheckFunc {
	return func(s *terraform.State) error {
		found, err := attributeOf(s, address, attribute)
		if err == nil && found == *kept {
			err = fmt.Errorf("%s.%s is still %q", address, attribute, found)
		}
		return err
	}
}

func attributeOf(s *terraform.State, address, attribute string) (string, error) {
	r, ok := s.RootModule().Resources[address]
	if !ok {
		return "", fmt.Errorf("state has no %s", address)
	}
	value, ok := r.Primary.Attributes[attribute]
	if !ok {
		return "", fmt.Errorf("%s has no %s in state", address, attribute)
	}
	return value, nil
}

// Plan wants these things of the plan that is about to be applied.
func Plan(checks ...plancheck.PlanCheck) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: checks}
}

// NoChange wants an empty plan.
func NoChange() resource.ConfigPlanChecks { return Plan(plancheck.ExpectEmptyPlan()) }

// Says matches an error message that holds the texts in this order, however the CLI wraps and frames its lines.
func Says(texts ...string) *regexp.Regexp {
	parts := make([]string, 0, len(texts))
	for _, text := range texts {
		words := strings.Fields(text)
		for i, w := range words {
			words[i] = regexp.QuoteMeta(w)
		}
		parts = append(parts, strings.Join(words, `[\s│]+`))
	}
	return regexp.MustCompile(`(?s)` + strings.Join(parts, `.*`))
}

// Unwrapped is a CLI's message as one line without frames.
func Unwrapped(message string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(message)), " ")
}
