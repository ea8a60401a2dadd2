// SPDX-License-Identifier: Apache-2.0

package admin

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
)

func (s *steering) getFaults(*http.Request) (any, error) {
	plan := s.network.FaultPlan()
	return Faults{Text: plan.String(), Plan: plan, Height: s.network.Height()}, nil
}

// putFaults takes a plan as text, or as JSON: its own form or its text in quotes.
func (s *steering) putFaults(r *http.Request) (any, error) {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, &badRequest{fmt.Errorf("body: %w", err), "send a plan"}
	}
	plan, err := readPlan(text)
	if err != nil {
		return nil, err
	}
	if err := s.network.ApplyFaults(r.Context(), plan); err != nil {
		return nil, err
	}
	return s.getFaults(r)
}

func readPlan(text []byte) (plan devnet.FaultPlan, err error) {
	switch text = bytes.TrimSpace(text); {
	case len(text) == 0:
		return plan, &badRequest{
			errors.New("body: there is no plan in it"), "DELETE /faults ends all faults; GET /faults/names lists what there is",
		}
	case text[0] == '{' || text[0] == '"':
		return plan, json.Unmarshal(text, &plan)
	default:
		return devnet.ParseFaults(string(text))
	}
}

func (s *steering) deleteFaults(r *http.Request) (any, error) {
	if err := s.network.ApplyFaults(r.Context(), devnet.FaultPlan{}); err != nil {
		return nil, err
	}
	return s.getFaults(r)
}

func (s *steering) getFaultNames(*http.Request) (any, error) { return devnet.FaultNames(), nil }
