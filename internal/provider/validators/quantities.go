// SPDX-License-Identifier: Apache-2.0

package validators

import (
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

var errNothing = errors.New("must be above zero")

// Size accepts a size above zero as SDLs have it, such as "512Mi".
func Size() validator.String {
	return check{description: "a size such as 512Mi or 16Gi", validate: positive(sdl.ParseSize)}
}

// CPU accepts an amount of processors above zero as SDLs have it, such as "0.5" or "500m".
func CPU() validator.String {
	return check{description: "cores such as 0.5 or thousandths such as 500m", validate: positive(sdl.ParseCPU)}
}

func positive(parse func(string) (uint64, error)) func(string) error {
	return func(text string) error {
		n, err := parse(text)
		if err == nil && n == 0 {
			return errNothing
		}
		return err
	}
}

// LeaseID accepts the id of a lease on chain, "owner/dseq/gseq/oseq/akash-provider".
func LeaseID() validator.String {
	return check{
		description: "a lease such as akash1owner…/1763800000000123/1/1/akash1provider…",
		validate: func(text string) error {
			_, err := ids.ParseLeaseID(text)
			return err
		},
	}
}
