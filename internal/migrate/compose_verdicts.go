// SPDX-License-Identifier: Apache-2.0

package migrate

// verdict is what becomes of a key, whatever it says.
type verdict struct {
	Severity       Severity
	Reason, Remedy string
}

const (
	kernelReason = "Akash providers share their machines, and give no container more rights or another kernel setting"
	kernelRemedy = "use software that needs no more than its own files, in user space"
	hardenReason = "Akash providers decide what containers may do"
	tunedReason  = "Akash providers decide how machines are shared out"
)

var (
	kernel = verdict{Blocker, kernelReason, kernelRemedy}
	harden = verdict{Dropped, hardenReason, ""}
	tuned  = verdict{Dropped, tunedReason, ""}
	labels = verdict{Dropped, "Akash has no labels on containers", "labels of akash_deployment are kept in state"}
	hook   = verdict{Blocker, "nothing runs beside a container's command", "put it into the image's entry point"}
)

// composeVerdicts are the keys of a service of which nothing comes over, or all of it without a value.
var composeVerdicts = map[string]verdict{
	"annotations":   labels,
	"labels":        labels,
	"attach":        {Mapped, "it is about the terminal of docker compose", ""},
	"blkio_config":  tuned,
	"cap_add":       kernel,
	"cap_drop":      harden,
	"cgroup":        kernel,
	"cgroup_parent": tuned,
	"cpu_count":     tuned, "cpu_percent": tuned, "cpu_period": tuned, "cpu_quota": tuned, "cpu_rt_period": tuned,
	"cpu_rt_runtime": tuned, "cpu_shares": tuned, "cpuset": tuned,
	"credential_spec": {Blocker, "Akash providers run Linux", "use an image for Linux"},
	"depends_on": {
		Dropped, "all services start at once, in no order",
		"have each wait for what it needs, in its entry point; a service that ends is started again",
	},
	"develop":             {Mapped, "it is about docker compose watch", ""},
	"device_cgroup_rules": kernel,
	"devices": {
		Blocker, "Akash providers give no devices of their machines but GPUs",
		"ask for GPUs with deploy.resources.reservations.devices",
	},
	"dns": {Dropped, "Akash providers resolve names", ""}, "dns_opt": {Dropped, "Akash providers resolve names", ""},
	"dns_search":     {Dropped, "Akash providers resolve names", ""},
	"domainname":     {Dropped, "Akash providers name containers", ""},
	"external_links": {Blocker, "containers of other projects are not there", "put them into this file"},
	"extra_hosts":    {Blocker, "/etc/hosts is the cluster's", "use names that DNS knows"},
	"group_add":      {Blocker, "a container runs as the user of its image, with its groups", "set them in the image"},
	"healthcheck": {
		Dropped, "Akash providers ask no container how it is",
		"akash_lease.wait_for asks a page at apply; a watchdog in the entry point can end a container that hangs",
	},
	"init": {Dropped, "the command is process 1", "have the image start tini or the like, if it leaves zombies"},
	"ipc":  kernel, "isolation": tuned,
	"logging": {
		Dropped, "Akash providers keep the last lines of a log until the lease ends",
		"data.akash_logs reads them; send what has to stay somewhere else",
	},
	"log_driver":     {Dropped, "Akash providers keep the last lines of a log until the lease ends", ""},
	"log_opt":        {Dropped, "Akash providers keep the last lines of a log until the lease ends", ""},
	"mac_address":    {Dropped, "Akash providers give addresses", ""},
	"mem_swappiness": tuned, "memswap_limit": tuned, "mem_reservation": tuned, "oom_kill_disable": tuned,
	"oom_score_adj": tuned, "pids_limit": tuned,
	"models":     {Blocker, "Akash has services and nothing else", "run the model as a service with a GPU"},
	"pid":        kernel,
	"post_start": hook, "pre_start": hook, "pre_stop": hook,
	"provider":           {Blocker, "nothing else is started for it", "write what it starts as a service"},
	"pull_policy":        {Dropped, "Akash providers pull what they do not have", "change the tag for another image"},
	"pull_refresh_after": {Dropped, "Akash providers pull what they do not have", ""},
	"read_only":          harden, "security_opt": harden,
	"stdin_open":        {Dropped, "nobody is at the keyboard", "akash_exec runs commands in a container"},
	"stop_grace_period": {Dropped, "containers have 30 seconds to end, or what the Akash provider decided", ""},
	"stop_signal":       {Dropped, "containers get the signal of their image", "set STOPSIGNAL in the image"},
	"storage_opt":       tuned, "sysctls": kernel, "tty": {Dropped, "nobody is at the keyboard", ""},
	"ulimits": {Dropped, "Akash providers set limits", ""}, "umask": harden,
	"use_api_socket": {Blocker, "there is no Docker on Akash", "use software that needs none"},
	"user":           {Blocker, "a container runs as the user of its image", "set USER in the image"},
	"userns_mode":    kernel, "uts": kernel,
	"volume_driver": {Dropped, "storage is by class", ""},
	"volumes_from":  {Blocker, "services share no volumes", "keep what they share in a database or in S3"},
	"working_dir":   {Blocker, "a container begins in the directory of its image", "set WORKDIR in the image"},
}
