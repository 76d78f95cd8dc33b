"""Given names that are frequent in German news, with the pronoun that means their bearers.

They tell a person (Ada Lund) from two nouns (Tage Anlass). Names that are missing here are recognised by an office in
front of them or by the surname standing alone elsewhere in the text.
"""

from __future__ import annotations

from newslake.german import words

WOMEN = words(
    """
    Ada Adina Adriana Agata Agnes Agnieszka Aisha Alba Aleksandra Alessandra Alessia Alexa Alexandra Alexia Alice
    Alicia Alina Aliona Alisa Alma Almut Amalia Amanda Amelia Amelie Amira Amy Anastasia Anat Andrea Anetta Angela
    Angelica Angelika Angelina Ania Anita Anja Anke Ann Anna Annalena Anne Annegret Annelie Anneliese Annemarie
    Annemieke Annette Annika Antje Antonella Antonia Anya Ariana Ariane Asha Astrid Aurora Ava Aydan Aylin Ayse Ayşe
    Barbara Bea Beate Beatrice Beatrix Becky Belinda Berit Beth Betsy Bettina Betty Bianca Birgit Birgitt Bożena Brenda
    Brigitte Britt Britta Bärbel Camilla Candace Carina Carla Carlotta Carmen Carola Carolin Carolina Caroline Carolyn
    Carrie Caterina Catherine Cathrin Cecilia Celine Chantal Charlene Charlotte Chiara Christa Christel Christiane
    Christin Christina Christine Chrystia Claire Clara Clarissa Claudia Clementine Constanze Cordula Corinna Cornelia
    Cynthia Cécile Dagmar Daisy Dana Daniela Danijela Danjela Daria Debbie Deborah Delcy Delia Denise Diana Dilek Dina
    Dolores Dominika Donna Dora Doreen Doris Dorit Dorothea Dorothee Dunja Dörte Ebba Edda Edeltraud Edith Edna Eileen
    Eleanor Elena Eleni Eleonora Elfriede Elif Elin Elina Elisa Elisabeth Elisabetta Elise Eliza Elizabeth Elke Ella
    Ellen Elsa Elsbeth Elvira Emilia Emily Emine Emma Emmanuelle Enissa Erika Erna Ester Esther Eugenia Ev Eva Evelin
    Evelyn Ewa Fatima Fatma Federica Felicia Felicitas Filiz Finja Fiona Flora Florence Francesca Franziska Françoise
    Frauke Frida Frieda Friederike Gabi Gabriela Gabriele Galina Geraldine Gerda Gerlind Gerlinde Gertrud Gesa Gesine
    Giorgia Giovanna Gisela Gitta Gitte Giulia Gloria Grace Greta Gudrun Gunda Gundula Gunna Hanna Hannah Hannelore
    Hatice Heather Hedwig Heide Heidemarie Heidi Heidrun Heike Helen Helena Helene Helga Hella Henriette Herta Hertha
    Hilal Hilary Hilde Hildegard Hildegund Hülya Ida Ifeoma Ilaria Ilka Ilona Ilse Imke Ina Indira Ines Inga Inge
    Ingeborg Ingrid Insa Irene Irina Iris Irmgard Isabel Isabell Isabella Isabelle Ivana Ivanka Iwona Jacinda
    Jacqueline Jadwiga Jana Jane Janet Janina Janine Janna Jasmin Jeanette Jeanine Jeannette Jelena Jen Jenna Jennie
    Jennifer Jenny Jessica Jessika Jill Joana Joanna Johanna Johanne Josefine Josephine Joy Joyce Juana Judith Jule
    Julia Juliana Juliane Julie Juliette Julija Julika June Jutta Jördis Kaja Kamala Kamila Karen Karima Karin Karina
    Karla Karoline Katalin Katarina Katarzyna Kate Katharina Kathleen Kathrin Kathy Katie Katina Katja Katrin Katy
    Keira Kelly Kerstin Khadija Kim Kira Kirsten Klara Klaudia Konstanze Kordula Kornelia Kristalina Kristiane Kristin
    Kristina Kyra Käthe Lara Larissa Latifa Laura Lauren Laurence Lea Leila Lena Leni Lenka Leonie Leonore Leyla Lia
    Liane Lidia Lilian Liliana Lilli Lilly Lily Linda Lioba Lisa Lise Lore Lorena Lorraine Lotta Lotte Louise Lucia
    Lucie Lucy Ludmila Luisa Luise Luitgard Lydia Lynn Madeleine Madlen Magda Magdalena Maike Maja Malu Mandy Manja
    Manuela Mara Mareen Mareike Mareile Maren Margaret Margareta Margarete Margaretha Margarita Margit Margot Margret
    Margrethe Margrit Maria Mariam Mariana Marianne Marie Marieke Marielle Marija Marijke Marina Marion Marisa Marissa
    Marita Marjorie Marlen Marlene Marlies Marliese Marta Martha Marthe Martina Mary Mathilda Mathilde Matilda Maureen
    Maya Mechthild Meera Megan Meike Melanie Melina Melinda Melissa Meral Meryem Mette Mia Michaela Michelle Mihaela
    Mila Milena Mira Miranda Miriam Mirjam Mona Monika Monique Muriel Myriam Nadia Nadine Nadja Nancy Naomi Natalia
    Natalie Natalja Natasa Natascha Natasha Nathalie Neele Nele Nelli Nelly Nena Nicola Nicole Nicoletta Nilüfer Nina
    Ninia Noemi Noor Nora Noreen Nouria Nuria Odile Oksana Olga Olivia Ottilie Pamela Paola Patricia Patrizia Paula
    Paulina Pauline Peggy Penelope Petra Petya Philippa Phyllis Pia Priscilla Priya Rachel Rafaela Raffaela Rahel
    Ramona Rania Rebecca Rebekka Reese Regina Regine Regula Reinhild Renate Renée Reyhan Ricarda Riccarda Rike Rima
    Rita Roberta Romina Romy Rosa Rosalie Rosanna Rosemarie Roswitha Roxana Ruby Ruth Sabine Sabrina Sahra Sally
    Samantha Samira Sandra Sandrine Sandy Sanja Sanna Sanne Sara Sarah Sarina Saskia Sawsan Selma Serap Serena Sevim
    Sharon Sheila Shirley Sibel Sibylle Sieglinde Siegrid Sigrid Sigrun Silke Silvia Simona Simone Sina Sinem Siobhan
    Siri Sofia Sofie Solveig Songül Sonja Sophia Sophie Stefani Stefania Stefanie Steffi Steffie Stella Stephanie
    Stephany Sue Susan Susanna Susanne Suzanne Svenja Svetlana Swetlana Sybille Sylvia Sylvie Sylwia Tabea Tamar Tamara
    Tania Tanja Tara Tatiana Tatjana Teresa Thea Theda Thekla Theodora Theresa Therese Theresia Tiina Tilda Tilly Tina
    Tine Tomma Tracy Trude Trudi Ulla Ulrika Ulrike Ursel Ursina Ursula Uschi Uta Ute Valentina Valeria Valerie Vanessa
    Vanja Vera Verena Veronika Vesna Vicky Victoria Viktoria Viola Vivian Viviane Waltraud Waltraut Wanda Wencke Wendy
    Wiebke Wiltrud Xenia Yael Yasemin Yasmin Yildiz Ylva Yoko Yolanda Yuki Yulia Yuliya Yvette Yvonne Zadie Zara Zehra
    Zita Zoe Zoé Zsuzsanna Zuzana Özlem Şebnem
"""
)
MEN = words(
    """
    Aaron Abdul Abdullah Abel Abraham Achim Adam Adel Adolf Adolfo Adrian Ahmad Ahmed Aiman Alain Albert Alberto
    Albrecht Alejandro Aleksandar Aleksander Aleksandr Alessandro Alex Alexander Alexandre Alexandros Alexei Alexej
    Alexis Alfons Alfonso Alfred Alfredo Ali Allan Allen Alois Amin Amir Anatoli Anatolij Anders Andre Andreas Andrei
    Andrej Andres Andrew Andrij Andrzej André Andrés Andy Angelo Angelos Anselm Ansgar Anthony Antoine Anton Antonio
    Antonis Antony Antonín Antti António Aras Arian Arie Aris Arkadi Armando Armin Arndt Arne Arno Arnold Arsen Arthur
    Artjom Artur Arturo Asif Attila August Aurel Avi Axel Aydin Aziz Baptiste Barack Barry Bart Bartosz Bashar Bastian
    Ben Benedict Benedikt Benito Benjamin Benno Benny Bernard Bernardo Bernd Bernhard Bernie Bert Berthold Bertold
    Bilal Bill Björn Boaz Bob Bodo Bogdan Boris Borut Boyan Brad Brandon Brendan Brian Bruce Bruno Bryan Burak Burkhard
    Burkhardt Béla Carl Carlo Carlos Carsten Caspar Cedric Cem Cengiz Cesare Chaim Charles Charlie Chris Christer
    Christian Christof Christoph Christopher Christos Claas Claude Claudio Claus Clemens Clément Colin Conrad
    Constantin Corey Cornelius Craig Cyril Cyrus César Dagobert Damian Damien Damir Dan Daniel Daniele Danilo Danny
    Dario Darius Darko Darren Dave David Davide Dawid Dean Dejan Denis Deniz Dennis Denys Derek Derrick Desmond Detlef
    Detlev Didier Diego Dieter Dietmar Dietrich Dimitar Dimitri Dimitrij Dimitris Dino Dirk Dmitri Dmitrij Dmitry
    Dmytro Domenico Domingo Dominic Dominik Dominique Don Donald Donato Doug Douglas Dragan Duncan Dusan Dylan Eberhard
    Eckart Eckehard Eckhard Ed Eddie Eddy Edgar Edilberto Edmund Eduard Eduardo Edward Edwin Efim Egon Ehud Eike Einar
    Eitan Ekkehard Ekrem Elias Elliot Elmar Elon Elvis Emanuel Emil Emilio Emmanuel Emre Endre Engelbert Enno Enrico
    Enrique Enver Enzo Ephraim Erdal Erhard Eric Erich Erik Erkan Ernesto Ernst Erol Ersin Erwin Ethan Eugen Eugene
    Evan Evgeny Ezra Fabian Fabio Fabrice Fadi Falk Falko Farid Fatih Federico Felipe Felix Ferdinand Ferenc Fernando
    Ferry Filip Filippo Finn Florent Florian Folker Franc Francesco Francis Francisco Franco Francois Frank Franz
    François Fred Frederick Frederik Fridtjof Friedbert Friedemann Friedhelm Friedrich Fritz Frédéric Fynn Gabor
    Gabriel Gary Gaston Gavin Gebhard Geert Geir Gennadi Geoffrey Georg George Georgi Gerald Gerardo Gerd Gerhard
    Gerhart Gernot Gero Gerrit Gert Giacomo Gianni Gideon Gil Gilbert Giorgio Giorgos Giovanni Giulio Giuseppe Gleb
    Glenn Gonzalo Goran Gorden Gordon Gottfried Gotthard Graham Grant Greg Gregor Grigor Grigori Guido Guillaume
    Guillermo Gunnar Gunter Gunther Gus Gustav Guy Günter Günther Hakan Haldun Hamid Hamza Hannes Hanno Hanns Hans
    Hansi Hansjörg Harald Harold Harri Harrison Harry Hartmut Hasan Hassan Hasso Hauke Heiko Heiner Heino Heinrich
    Heinz Helge Hellmut Helmut Helmuth Henderson Hendrik Henk Henning Henri Henrik Henry Henryk Herbert Heribert Herman
    Hermann Hideo Hinnerk Hinrich Holger Holm Horacio Horst Hossein Howard Hubert Hubertus Hugo Hüseyin Ian Ibo Ibrahim
    Ignacio Ignaz Igor Ilias Ilija Ilja Imre Ingmar Ingo Ingolf Ioannis Ira Ishaq Ismail Issa István Itamar Ivan Ivica
    Ivo Iván Iwan Jaap Jacek Jack Jacob Jacques Jaime Jair Jakob Jakub Jamal James Jan Janek Janez Janis Jannik Jannis
    Janos Jared Jaroslav Jarosław Jason Javier Jay Jean Jeff Jeffrey Jens Jeremy Jeroen Jerome Jerry Jerzy Jesse Jesús
    Jim Jimmy Jiří Jo Joachim Joan Joaquín Jochem Jochen Joe Joel Joey Johan Johann Johannes John Johnny Jon Jona Jonas
    Jonathan Jordan Jorge Josef Joseph Josh Joshua Josip Jost José João Juan Juha Julian Julius Jupp Juri Jurij Jussi
    Justin Justus János Jörg Jörn Jürgen Kai Kambiz Kamil Karim Karl Karlheinz Karol Karsten Kaspar Kasper Kay Keir
    Keith Kemal Ken Kenan Kenneth Kerem Kevin Khaled Kilian Kimmo Kiril Kirill Klaus Klemens Knut Koen Konrad
    Konstantin Konstantinos Korbinian Kristian Kristof Kristoffer Krzysztof Kurt Kyle Kyriakos Ladislav Larry Lars
    Laszlo Laurent Lawrence Lech Leif Lenz Leo Leon Leonard Leonardo Leonhard Leonid Leopold Levi Lewis Liam Lionel
    Lloyd Lorenz Lorenzo Lorin Lothar Louis Luc Luca Lucas Lucian Luciano Ludger Ludovic Ludwig Luigi Luis Luiz Luka
    Lukas Lukasz Lutz Lynton László Maarten Mads Magnus Mahmoud Mahmut Maik Maksim Maksym Malcolm Malte Manfred Manolis
    Manuel Marc Marcel Marcell Marcelo Marcin Marco Marcus Marek Marian Mariano Marinus Mario Mariusz Mark Markku Marko
    Markus Marlon Marshall Marten Martin Marvin Masoud Massimo Mateusz Mathew Mathias Mathis Mats Matt Matteo Matthew
    Matthias Matti Mattia Maurice Maurizio Mauro Max Maxim Maxime Maximilian Maynard Mehdi Mehmet Meik Meinhard Meinrad
    Meir Menachem Mete Micha Michael Michail Michal Michał Micheil Michel Michele Miguel Mihai Mikael Mike Mikhail
    Miklós Milan Milos Miloš Milton Mirko Miro Miroslav Mitch Mitchell Moataz Mogens Mohamad Mohamed Mohammad Mohammed
    Mohsen Morgan Moritz Morten Moshe Muhammad Muhammed Murat Murray Mustafa Mustapha Nabil Naftali Narendra Nate
    Nathan Nathaniel Nebojsa Nebojša Neil Nelson Neville Niccolò Nicholas Nick Nico Nicolas Nicolaus Nicolás Niels
    Nigel Nikita Niklas Niko Nikola Nikolai Nikolaj Nikolas Nikolaus Nikos Nils Noah Norbert Norman Nuno Octavio Olaf
    Olav Ole Oleg Oleh Oleksandr Oleksij Oliver Olivier Olli Omar Omid Onno Onur Orhan Oriol Oskar Osman Oswald Otmar
    Ottmar Otto Pablo Panagiotis Pankraz Paolo Pascal Pat Patrick Patrik Pau Paul Paulo Pavel Paweł Peder Pedro Peer
    Pekka Pete Peter Petr Petro Petros Phil Philip Philipp Philippe Pier Pierluigi Pierre Pieter Pietro Piotr Pius
    Pjotr Plácido Quentin Quim Raed Rafael Rafal Rafał Raffaele Rafi Raimond Raimund Rainer Raj Rajkummar Ralf Ralph
    Ramiro Ramon Ramón Randolf Randy Raoul Raphael Rasmus Raul Ray Raymond Raúl Recep Reid Reimund Reiner Reinhard
    Reinhold Reint Remo Renato Rene René Reuven Rex Reza Riad Ricardo Riccardo Richard Rick Rico Rob Robbie Robert
    Roberto Robin Rocco Rod Roderich Rodney Rodrigo Roger Roland Rolf Romain Roman Ron Ronald Ronny Rory Ross Roy Ruben
    Rubén Rudi Rudolf Rudolph Rui Rupert Ruprecht Russell Ruud Ryan Rüdiger Sadiq Said Salih Salim Salman Salvatore Sam
    Sami Samuel Sandor Sandro Sarkis Sascha Saul Scott Sean Sebastian Sefton Selahattin Semjon Sepp Serdar Serge Sergei
    Sergej Sergey Sergio Seth Severin Shane Shimon Shinzo Siegfried Siegmund Sigmar Sigurd Silvester Silvio Simeon
    Simon Sinan Slavoj Slobodan Soner Spencer Spiros Stan Stanislaw Stanisław Stanley Stefan Stefano Steffen Stephan
    Stephen Steve Steven Stewart Stig Stuart Stéphane Sulejman Sunil Sven Swen Sándor Sébastien Sönke Sören Søren Taha
    Tamas Tamim Tamás Tarek Tarik Tariq Taylan Tayyip Ted Teemu Terry Thaddäus Thadeusz Theo Theodor Theodoros Thierry
    Thies Thilo Thomas Thoralf Thorben Thore Thorsten Tibor Till Tilman Tilo Tim Timo Timon Timothy Timur Tino Titus
    Tiziano Tjark Tobi Tobias Toby Todd Tom Tomas Tomasz Tommaso Tommy Tomáš Toni Tony Toralf Torben Tord Torsten
    Travis Trevor Tristan Troy Tyler Udo Ugo Ugur Ulf Uli Ulrich Umberto Umut Urban Urs Uwe Uğur Vaclav Vadim Valdis
    Valentin Valerij Valéry Vasco Vasily Veit Veli Viktor Vincent Vincenzo Vinzenz Virgil Vitali Vitalij Vito Vittorio
    Vitus Vlad Vladimir Vladislav Volker Volkmar Václav Wadim Wael Waldemar Walter Warren Wassili Wayne Wendelin Wenzel
    Werner Wieland Wiktor Wilfred Wilfried Wilhelm Wilko Willi William Willy Wim Winfried Witold Wjatscheslaw Wladimir
    Wlodek Wolf Wolfgang Wolfram Woody Wouter Xavi Xavier Xi Yann Yannick Yannik Yannis Yascha Yasin Yassir Yoram Yossi
    Yoweri Yuri Yusuf Yuval Yves Zacharias Zbigniew Zeljko Ziad Zoltán Zoran Álvaro Étienne Ömer Łukasz
"""
)


def is_given(word: str) -> bool:
    """Say whether a word is a given name; of a double name the first part counts.

    >>> [is_given(word) for word in ("Karl-Heinz", "Ada", "Hafen")]
    [True, True, False]
    """
    first = word.split("-", 1)[0]
    return first in WOMEN or first in MEN


def gender(word: str) -> str:
    """Return f or m for a given name, "" for one that is not known or that both bear.

    >>> [gender(word) for word in ("Ada", "Jo", "Hafen", "Zita")]
    ['f', 'm', '', 'f']
    """
    first = word.split("-", 1)[0]
    if first in WOMEN:
        return "f"
    return "m" if first in MEN else "f" if first.endswith("a") else ""
