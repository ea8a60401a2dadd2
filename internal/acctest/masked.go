// SPDX-License-Identifier: Apache-2.0

package acctest

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-testing/plancheck"
)

// Masked wants a plan to show a secret nowhere: each value of a resource or output that holds it is marked sensitive.
func Masked(secret string) plancheck.PlanCheck { return masked(secret) }

type masked string

// CheckPlan looks through every change before and after.
func (m masked) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	look := func(address string, value, sensitive any) {
		if at := shown(value, sensitive, string(m), ""); len(at) > 0 {
			resp.Error = fmt.Errorf("the plan shows a secret in %s at %s", address, strings.Join(at, ", "))
		}
	}
	for _, r := range req.Plan.ResourceChanges {
		look(r.Address, r.Change.Before, r.Change.BeforeSensitive)
		look(r.Address, r.Change.After, r.Change.AfterSensitive)
	}
	for name, o := range req.Plan.OutputChanges {
		look("output "+name, o.Before, o.BeforeSensitive)
		look("output "+name, o.After, o.AfterSensitive)
	}
}

// shown lists where value holds the secret unmasked; sensitive mirrors value, true standing for all below.
func shown(value, sensitive any, secret, at string) []string {
	if sensitive == true {
		return nil
	}
	var found []string
	switch v := value.(type) {
	case string:
		if strings.Contains(v, secret) {
			found = append(found, at)
		}
	case []any:
		marks, _ := sensitive.([]any)
		for i, e := range v {
			var mark any
			if i < len(marks) {
				mark = marks[i]
			}
			found = append(found, shown(e, mark, secret, fmt.Sprintf("%s[%d]", at, i))...)
		}
	case map[string]any:
		marks, _ := sensitive.(map[string]any)
		for key, e := range v {
			found = append(found, shown(e, marks[key], secret, at+"."+key)...)
		}
	}
	return found
}
