package handle

import (
	"strings"
	"testing"
)

// TestWords splits names as their authors read them.
func TestWords(t *testing.T) {
	for name, want := range map[string]string{
		"":             "",
		"db":           "db",
		"readDB":       "read db",
		"ReadDB":       "read db",
		"DBRead":       "db read",
		"ROPool":       "ro pool",
		"dbRO":         "db ro",
		"DB":           "db",
		"read_db":      "read db",
		"READ_DB":      "read db",
		"DB_Read":      "db read",
		"_read":        "read",
		"read_":        "read",
		"read__db":     "read db",
		"readOnlyPool": "read only pool",
		"db2Read":      "db2 read",
		"aB":           "a b",
		"x":            "x",
		"X":            "x",
		"_":            "",
	} {
		if got := strings.Join(Words(name), " "); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

// TestRoleOf finds what a name says of its pool, in the last part of a path alone.
func TestRoleOf(t *testing.T) {
	for path, want := range map[string]string{
		"db":                                     "",
		"pool":                                   "",
		"replica":                                "read",
		"readDB":                                 "read",
		"rdb":                                    "read",
		"DBReader":                               "read",
		"primary_pool":                           "write",
		"masterDB":                               "write",
		"wdb":                                    "write",
		"srcDB":                                  "source",
		"legacy":                                 "source",
		"dst":                                    "target",
		"analyticsPool":                          "analytics",
		"lockDB":                                 "lock",
		"spreadsheets":                           "", // read is no word of it
		"thread":                                 "",
		"newest":                                 "",
		"example.com/app/store.Repo.replica":     "read",
		"example.com/app/store.Repo.db":          "",
		"example.com/replica/reader.Reader.db":   "", // the pool's own name counts
		"example.com/app/db.Primary":             "write",
		"(*example.com/app/db.Pools).Replica()":  "read",
		"(*example.com/app/db.Pools).ReadPool()": "read",
		"example.com/app/db.Writer()":            "write",
		"example.com/app/db.Conn()":              "",
		"example.com/app/db.FromContext()":       "", // from and new say something of a variable only
		"example.com/app/db.NewPool()":           "",
		"(example.com/app/db.Replicas).ToPool()": "",
		"example.com/app/db.NewReplica()":        "read",
		Elements:                                 "",
		"":                                       "",
	} {
		if got := RoleOf(path); got != want {
			t.Errorf("%q: got %q, want %q", path, got, want)
		}
	}
}

// TestRoles holds the words to the form in which names are split.
func TestRoles(t *testing.T) {
	for word, role := range roles {
		if got := strings.Join(Words(word), " "); got != word || role == "" {
			t.Errorf("%q: no name has this word", word)
		}
		if roles[role] != "" && roles[role] != role {
			t.Errorf("%q means %q, which means %q", word, role, roles[role])
		}
	}
}

// TestLastType cuts the package from a path.
func TestLastType(t *testing.T) {
	for path, want := range map[string]string{
		"example.com/app/store.Repo.db":   "Repo.db",
		"example.com/app/db.Pool":         "Pool",
		"example.com/app/db.Conn()":       "Conn()",
		"(*example.com/app/db.DB).Conn()": "DB).Conn()",
		"main.Repo.db":                    "Repo.db",
		"main.pool":                       "pool",
		"gopkg.in/app.v2/store.pool":      "pool",
		"pool":                            "pool",
		"":                                "",
	} {
		if got := lastType(path); got != want {
			t.Errorf("%q: got %q, want %q", path, got, want)
		}
	}
}

// TestCutLast splits the last name off a path, and nothing off an import path.
func TestCutLast(t *testing.T) {
	for path, want := range map[string][2]string{
		"example.com/app/store.Repo": {"example.com/app/store", "Repo"},
		"main.Repo":                  {"main", "Repo"},
		"example.com/store":          {"example.com/store", ""},
		"store":                      {"store", ""},
	} {
		before, after, ok := cutLast(path)
		if before != want[0] || after != want[1] || ok != (want[1] != "") {
			t.Errorf("%q: got %q, %q, %t", path, before, after, ok)
		}
	}
}
