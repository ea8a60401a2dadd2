// SPDX-License-Identifier: Apache-2.0

package akashprovider

import (
	"context"
	"net/http"

	"github.com/gorilla/websocket"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// eventMessage is the wire form of one event of the cluster.
type eventMessage struct {
	Type                string      `json:"type"` // Normal or Warning
	ReportingController string      `json:"reportingController,omitempty"`
	ReportingInstance   string      `json:"reportingInstance,omitempty"`
	Reason              string      `json:"reason"`
	Note                string      `json:"note"`
	Object              eventObject `json:"object"`
}

type eventObject struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}

// The events of a replica: it starts, it cannot, it is taken down.
const (
	reasonStarted = "Started"
	reasonBackOff = "BackOff"
	reasonKilling = "Killing"
)

func podEvent(id ids.LeaseID, about pod, reason string) eventMessage {
	event := eventMessage{
		Type: "Normal", ReportingController: "kubelet", Reason: reason,
		Object: eventObject{Kind: "Pod", Namespace: namespace(id), Name: about.name},
	}
	switch reason {
	case reasonStarted:
		event.Note = "Started container " + about.service.Name
	case reasonKilling:
		event.Note = "Stopping container " + about.service.Name
	case reasonBackOff:
		event.Type, event.Note = "Warning", `Back-off pulling image "`+about.service.Image+`"`
	}
	return event
}

// streamEvents sends the events of the replicas that exist now, and with follow those that come, until the lease is
// no more. It closes with 1000.
func (p *AkashProvider) streamEvents(w http.ResponseWriter, r *http.Request, at place) {
	query, err := readStreamQuery(r.URL.Query())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s, ok := p.upgrade(w, r)
	if !ok {
		return
	}
	defer s.close()
	id := at.lease(p.identity.Address)
	if _, found := p.replicas(id, nil); !found {
		s.bye(closeLeaseNotFound, "")
		return
	}
	p.converse(r.Context(), s, deaf, func(ctx context.Context) { p.talkEvents(ctx, s, id, query) })
}

func (p *AkashProvider) talkEvents(ctx context.Context, s *socket, id ids.LeaseID, query streamQuery) {
	seen := map[string]string{} // the last event's reason by pod
	var before []pod
	for {
		now, found := p.replicas(id, query.services)
		stuck := p.Faults().NeverReady
		for _, event := range newEvents(id, before, now.pods, seen, stuck) {
			if s.writeJSON(event) != nil {
				return
			}
		}
		if !query.follow || !found {
			s.bye(websocket.CloseNormalClosure, "")
			return
		}
		before = now.pods
		select {
		case <-ctx.Done():
			s.bye(websocket.CloseNormalClosure, "")
			return
		case <-now.changed:
		}
	}
}

// newEvents tells what has happened between two looks, and notes it in seen. A replica that is merely on its way
// has no event yet; one that is stuck there has.
func newEvents(id ids.LeaseID, before, now []pod, seen map[string]string, stuck bool) []eventMessage {
	var out []eventMessage
	there := map[string]bool{}
	happened := func(about pod, reason string) {
		if seen[about.name] != reason {
			seen[about.name] = reason
			out = append(out, podEvent(id, about, reason))
		}
	}
	for _, about := range now {
		there[about.name] = true
	}
	for _, about := range before {
		if !there[about.name] {
			happened(about, reasonKilling)
		}
	}
	for _, about := range now {
		switch {
		case about.ready:
			happened(about, reasonStarted)
		case stuck:
			happened(about, reasonBackOff)
		}
	}
	return out
}
