package main

import (
	"context"
	_ "embed"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/go-mysql-org/go-mysql/client"

	"github.com/leat-io/leat/e2e/servers"
)

// defaultRate is how many statements a second the shop sees; DEMO_RATE is another.
const defaultRate = 4

// alterAfter is the number of statements after which the table is altered.
const alterAfter = 12

//go:embed shop.sql
var shopSQL string

// shop is the database whose changes are shown.
type shop struct {
	conn     *client.Conn
	interval time.Duration
	orders   []int64 // that were not deleted
	altered  bool
}

// openShop makes the database and fills it with what the snapshot will find.
func openShop(ctx context.Context, server *servers.MySQLServer) (*shop, error) {
	rate := defaultRate
	if s := os.Getenv("DEMO_RATE"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n <= 0 {
			return nil, fmt.Errorf("DEMO_RATE is %q: give a number of statements a second", s)
		}
		rate = n
	}
	conn, err := server.DB(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect to MySQL: %w", err)
	}
	s := &shop{conn: conn, interval: time.Second / time.Duration(rate)}
	for _, statement := range strings.Split(shopSQL, ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if _, err := conn.Execute(statement); err != nil {
			return nil, fmt.Errorf("load shop: %.60s: %w", statement, err)
		}
	}
	for id := range int64(3) {
		s.orders = append(s.orders, id+1)
	}
	return s, nil
}

func (s *shop) close() { _ = s.conn.Close() } // the server ends next

// trade changes rows until ctx is done.
func (s *shop) trade(ctx context.Context) error {
	tick := time.NewTicker(s.interval)
	defer tick.Stop()
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if err := s.step(n); err != nil {
			return fmt.Errorf("change the shop: %w", err)
		}
	}
}

func (s *shop) step(n int) error {
	switch {
	case n == alterAfter:
		s.altered = true
		_, err := s.conn.Execute("ALTER TABLE shop.orders ADD COLUMN note VARCHAR(100) NULL AFTER status")
		return err
	case n%7 == 0 && len(s.orders) > 2:
		return s.remove()
	case n%3 == 0:
		return s.advance()
	case n%5 == 0:
		_, err := s.conn.Execute("UPDATE shop.products SET stock = stock - 1 WHERE id = ?", rand.IntN(3)+1)
		return err
	default:
		return s.order()
	}
}

func (s *shop) order() error {
	columns, values := "customer_id, product_id, amount, status", "?, ?, ?, 'new'"
	args := []any{rand.IntN(3) + 1, rand.IntN(3) + 1, fmt.Sprintf("%d.%02d", rand.IntN(90)+10, rand.IntN(100))}
	if s.altered {
		columns, values = columns+", note", values+", ?"
		args = append(args, []string{"gift", "call first", "leave at the door"}[rand.IntN(3)])
	}
	r, err := s.conn.Execute("INSERT INTO shop.orders ("+columns+") VALUES ("+values+")", args...)
	if err != nil {
		return err
	}
	s.orders = append(s.orders, int64(r.InsertId))
	return nil
}

func (s *shop) advance() error {
	id := s.orders[rand.IntN(len(s.orders))]
	_, err := s.conn.Execute("UPDATE shop.orders SET status = ELT(FIELD(status, 'new', 'paid', 'shipped') + 1, 'new', 'paid', 'shipped', 'new') WHERE id = ?", id)
	return err
}

func (s *shop) remove() error {
	id := s.orders[0]
	s.orders = s.orders[1:]
	_, err := s.conn.Execute("DELETE FROM shop.orders WHERE id = ?", id)
	return err
}
