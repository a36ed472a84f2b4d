package handle

import "strings"

// RoleOf is the role that a name gives its pool: "replica", "primary"; empty for none. The name is the last part of a path: that
// of a variable, a field, or a function that returns it.
func RoleOf(path string) string {
	name, isFunc := strings.CutSuffix(path[strings.LastIndexByte(path, '.')+1:], "()")
	for _, word := range Words(name) {
		if isFunc && (word == "from" || word == "to" || word == "new") {
			continue // FromContext, NewPool
		}
		if role, ok := roles[word]; ok {
			return role
		}
	}
	return ""
}

// roles is words by which programs tell pools apart, those that mean the same under one name.
var roles = map[string]string{
	"primary": "write", "master": "write", "leader": "write", "writer": "write", "write": "write", "rw": "write", "writable": "write", "wdb": "write",
	"replica": "read", "replicas": "read", "slave": "read", "secondary": "read", "standby": "read", "follower": "read", "reader": "read", "read": "read",
	"readonly": "read", "ro": "read", "rdb": "read", "source": "source", "src": "source", "from": "source", "old": "source", "legacy": "source",
	"target": "target", "dst": "target", "dest": "target", "destination": "target", "to": "target", "new": "target",
	"archive": "archive", "audit": "audit", "analytics": "analytics", "reporting": "analytics", "report": "analytics", "warehouse": "analytics",
	"metrics": "metrics", "shard": "shard", "tenant": "tenant", "admin": "admin", "lock": "lock", "locks": "lock", "queue": "queue", "jobs": "queue",
	"remote": "remote", "external": "remote", "local": "local", "other": "other", "background": "background", "bg": "background",
}

// Words splits a name at its humps and underscores: "readDB" is read, db.
func Words(name string) []string {
	var out []string
	start := 0
	flush := func(end int) {
		if end > start {
			out = append(out, strings.ToLower(name[start:end]))
		}
		start = end
	}
	upper := func(i int) bool { return name[i] >= 'A' && name[i] <= 'Z' }
	for i := range len(name) {
		switch {
		case name[i] == '_':
			flush(i)
			start = i + 1
		case i > start && upper(i) && (!upper(i-1) || i+1 < len(name) && !upper(i+1) && name[i+1] != '_'):
			flush(i)
		}
	}
	flush(len(name))
	return out
}
