package limit

import (
	"strings"
	"testing"

	"github.com/poolvet/poolvet/analyzer/internal/origin"
)

// TestPoolKeys reads the keys of pgxpool out of connection strings. An underscore is a part that is not known.
func TestPoolKeys(t *testing.T) {
	for _, test := range []struct{ dsn, want string }{
		{"", ""},
		{"postgres://app@db/app", ""},
		{"postgres://app@db/app?pool_max_conns=50", "pool_max_conns=50"},
		{"postgres://app@db/app?sslmode=disable&pool_max_conns=50", "pool_max_conns=50"},
		{"postgres://app@db/app?pool_max_conns=50&pool_min_conns=5&sslmode=disable", "pool_max_conns=50 pool_min_conns=5"},
		{"postgres://app@db/app?pool_max_conns=%35%30", "pool_max_conns=50"},
		{"postgres://app@db/app?pool_max_conns=", "pool_max_conns="},
		{"postgres://app@db/app?pool_max_conns=\x00", "pool_max_conns="},
		{"postgres://app@db/app?pool_max_conns=1\x00", "pool_max_conns="}, // ten, or a hundred
		{"postgres://\x00?pool_max_conns=5", "pool_max_conns=5"},
		{"postgres://app@db/app?x_pool_max_conns=50", ""},
		{"postgres://app@db/pool_max_conns=50", ""},
		{"postgres://app@db/app?pool_size=50", ""}, // of another library
		{"host=db pool_max_conns=50", "pool_max_conns=50"},
		{"pool_max_conns=50 host=db", "pool_max_conns=50"},
		{"host=db\n\tpool_max_conns=50\n\tpool_max_conn_lifetime=1h", "pool_max_conns=50 pool_max_conn_lifetime=1h"},
		{"host=db pool_max_conns = 50", "pool_max_conns=50"},
		{"host=db pool_max_conns='50'", "pool_max_conns=50"},
		{"host=db pool_max_conns = '50' port=1", "pool_max_conns=50"},
		{"host=db password='x pool_max_conns=99' port=1", ""},
		{"host=db password='it\\'s pool_max_conns=99' pool_max_conns=5", "pool_max_conns=5"},
		{"host=db options='a b' pool_min_idle_conns=3", "pool_min_idle_conns=3"},
		{"host=db pool_max_conns", ""},
	} {
		var got []string
		for _, kv := range poolKeys(strings.ReplaceAll(test.dsn, "\x00", origin.Hole)) {
			got = append(got, kv.key+"="+kv.value)
		}
		if s := strings.Join(got, " "); s != test.want {
			t.Errorf("%q: got %q, want %q", test.dsn, s, test.want)
		}
	}
}
