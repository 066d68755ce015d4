print_count = 0
