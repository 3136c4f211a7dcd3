"""What is measured of Overflight itself, and the exercises that it is measured on."""
