CREATE DATABASE shop;
CREATE TABLE shop.customers (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(100) NOT NULL,
  email VARCHAR(200) NOT NULL UNIQUE,
  created DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
);
CREATE TABLE shop.products (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  title VARCHAR(100) NOT NULL,
  price DECIMAL(10,2) NOT NULL,
  stock INT NOT NULL
);
CREATE TABLE shop.orders (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  customer_id INT UNSIGNED NOT NULL,
  product_id INT UNSIGNED NOT NULL,
  amount DECIMAL(10,2) NOT NULL,
  status ENUM('new','paid','shipped') NOT NULL DEFAULT 'new'
);
INSERT INTO shop.customers (name, email) VALUES ('Ada', 'ada@example.com'), ('Grace', 'grace@example.com'), ('Łukasz', 'lukasz@example.com');
INSERT INTO shop.products (title, price, stock) VALUES ('Lamp', 39.90, 100), ('Chair', 129.00, 40), ('Desk', 349.50, 12);
INSERT INTO shop.orders (customer_id, product_id, amount, status) VALUES (1, 2, 129.00, 'paid'), (2, 1, 39.90, 'new'), (3, 3, 349.50, 'shipped');
