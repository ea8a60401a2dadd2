// SPDX-License-Identifier: Apache-2.0

package sdl

// use is one service in one placement, with everything its names refer to.
type use struct {
	service   *service
	placement string
	target    *placement
	profile   string
	compute   *compute
	price     *price
	count     uint32
	at        *site
	countBad  bool
	countAt   *site
}

// uses resolves the deployment section: by service, then by placement, both in
// bytewise order. What a name does not lead to is reported and stays nil.
func (r *reader) uses(s *source) []use {
	var out []use
	for _, name := range sortedKeys(s.deployment) {
		d := s.deployment[name]
		for _, placement := range sortedKeys(d.placements) {
			out = append(out, r.use(s, name, placement, d.placements[placement]))
		}
	}
	return out
}

func (r *reader) use(s *source, name, placement string, p *replicas) use {
	u := use{
		placement: placement, profile: p.profile.value, count: p.count.value,
		at: p.at, countBad: p.count.bad, countAt: p.count.or(p.at, "count"),
	}
	profileAt := p.profile.or(p.at, "profile")
	var known bool
	if u.service = s.services[name]; u.service == nil {
		r.fail(s.deployment[name].at, listNames(sortedKeys(s.services)), "no service is named %q", clip(name))
	}
	if u.compute, known = s.compute[p.profile.value]; !known && !p.bad {
		r.fail(profileAt, listNames(sortedKeys(s.compute)), "no compute profile is named %q",
			clip(p.profile.value))
	}
	if u.target = s.placement[placement]; u.target == nil {
		r.fail(p.at, listNames(sortedKeys(s.placement)), "no placement profile is named %q", clip(placement))
		return u
	}
	u.price = u.target.pricing[p.profile.value]
	if !p.bad && !u.target.pricingBad && (u.price == nil || !u.price.present && !u.price.bad) {
		r.fail(u.target.at.missing("pricing"), "write "+clip(p.profile.value)+": {denom: uact, amount: 1000} below pricing",
			"placement %q has no price for compute profile %q", clip(placement), clip(p.profile.value))
	}
	return u
}

// listNames makes a remedy of the names there are.
func listNames(names []string) string {
	if len(names) == 0 {
		return "there are none yet; add it"
	}
	const most = 8
	remedy := "name one of:"
	for i, name := range names {
		if i == most {
			remedy += ", ..."
			break
		}
		if i > 0 {
			remedy += ","
		}
		remedy += " " + clip(name)
	}
	return remedy + "; or add it"
}

// check finds what is wrong across sections. It gives the uses in the order in which groups are built.
func (r *reader) check(s *source) []use {
	uses := r.uses(s)
	if len(uses) == 0 && !s.deploymentBad {
		r.fail(s.at.missing("deployment"), "write deployment: {SERVICE: {PLACEMENT: {profile: PROFILE, count: 1}}}",
			"nothing is deployed")
	}
	tees := make(map[string]text)
	used := r.checkIPs(s, uses)
	for _, u := range uses {
		if u.service == nil {
			continue
		}
		r.checkService(u.service)
		if u.compute != nil {
			r.checkMounts(u.service, u.compute, s.version)
		}
		r.checkTEE(u.service, u.compute, tees, u.placement)
	}
	r.checkEndpoints(s.endpoints, used)
	r.checkLimits(s, uses)
	r.checkHosts(uses)
	r.lint(s, uses)
	return uses
}

// binding is a port of a leased IP, with the protocol as it is spelled.
type binding struct {
	ip    string
	as    uint32
	proto string
}

// checkIPs checks what services say about leased IPs and gives the endpoints
// in use. Quirk: two uses of an endpoint collide when "as" and "proto" are
// written alike, so two ports without "as" collide whatever they are, and a
// service that goes to two placements collides with itself.
func (r *reader) checkIPs(s *source, uses []use) map[string]bool {
	used := make(map[string]bool)
	taken := make(map[binding]string)
	for _, u := range uses {
		if u.service == nil {
			continue
		}
		for _, e := range u.service.expose {
			for _, to := range e.to {
				if to.ip.value == "" {
					continue
				}
				used[to.ip.value] = true
				if !to.global {
					r.fail(to.at, "write global: true beside ip", "a leased IP must be open to the world")
				}
				if s.endpoints[to.ip.value] == nil {
					r.fail(to.ip.at, "write endpoints: {"+clip(to.ip.value)+": {kind: ip}} at the top level",
						"no endpoint is named %q", clip(to.ip.value))
					continue
				}
				b := binding{to.ip.value, e.as.value, e.proto.value}
				if other, ok := taken[b]; ok {
					r.fail(e.at, "write as: with a different port for each", "endpoint %q: port %d is already in use by service %q",
						clip(to.ip.value), e.as.value, other)
				}
				taken[b] = u.service.name
			}
		}
	}
	return used
}
