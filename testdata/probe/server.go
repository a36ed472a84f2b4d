package main

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// within bounds every wait for a state. It is only used up by a claim that is wrong.
var within = 15 * time.Second

// settle is how long a state that must not change is watched after something that ends holders in the background. It can hide
// that a claim is wrong, never make a right one fail.
const settle = 100 * time.Millisecond

// server is what pg_stat_activity shows.
type server struct {
	dsn   string // of the clients
	admin *pgxpool.Pool
	file  string // name of a file with a statement

	mu   sync.Mutex
	oids []uint32 // of the large objects that scripts were given
}

// setup is what the statements of the scripts work on.
const setup = `create table if not exists poolvet_probe(x text); grant all on poolvet_probe to public`

// watch connects to the server and makes what the scripts need there.
func watch(ctx context.Context, dsn, admin string) (*server, error) {
	pool, err := pgxpool.New(ctx, with(with(admin, "pool_max_conns=3"), "default_query_exec_mode=simple_protocol"))
	if err != nil {
		return nil, err
	}
	enlarge(pool.Config().ConnConfig.Host)
	if _, err := pool.Exec(ctx, setup); err != nil {
		return nil, err
	}
	file, err := os.CreateTemp("", "probe*.sql")
	if err != nil {
		return nil, err
	}
	_, err = file.WriteString(texts["insert"])
	return &server{dsn: dsn, admin: pool, file: file.Name()}, errors.Join(err, file.Close())
}

// end removes what was made.
func (s *server) end(ctx context.Context) error {
	const remove = "drop table poolvet_probe; select lo_unlink(oid) from pg_largeobject_metadata where oid = any($1)"
	_, err := s.admin.Exec(ctx, remove, s.oids)
	s.admin.Close()
	return errors.Join(err, os.Remove(s.file))
}

// largeObject makes a large object of the clients' role.
func (s *server) largeObject() (oid uint32) {
	conn := must(pgx.Connect(context.Background(), s.dsn))
	defer conn.Close(context.Background())
	if err := conn.QueryRow(context.Background(), "select lo_create(0)").Scan(&oid); err != nil {
		panic(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.oids = append(s.oids, oid)
	return oid
}

// activity is the connections of one client, as the server sees them.
type activity struct {
	Backends int // connections
	Active   int // of these: with a statement that has not ended
	Busy     int // of these: waiting for the client to read a result
	InTx     int // of these: idle in a transaction
}

const look = `select count(*),
	count(*) filter (where state = 'active'),
	count(*) filter (where state = 'active' and wait_event = 'ClientWrite'),
	count(*) filter (where state like 'idle in transaction%')
	from pg_stat_activity where application_name = $1`

func (s *server) activity(app string) activity {
	var a activity
	if err := s.admin.QueryRow(context.Background(), look, app).Scan(&a.Backends, &a.Active, &a.Busy, &a.InTx); err != nil {
		panic(err)
	}
	return a
}

// terminate ends all connections of a client.
func (s *server) terminate(app string) {
	const terminate = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1"
	until(func() bool {
		_, err := s.admin.Exec(context.Background(), terminate, app)
		return err == nil && s.activity(app).Backends == 0
	})
}

// until waits for a state and reports whether it has come.
func until(reached func() bool) bool {
	pause := time.Millisecond
	for end := time.Now().Add(within); ; pause = min(2*pause, 20*time.Millisecond) {
		if reached() {
			return true
		}
		if time.Now().After(end) {
			return false
		}
		time.Sleep(pause)
	}
}
